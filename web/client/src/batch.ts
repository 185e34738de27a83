// SPDX-License-Identifier: Apache-2.0
// Many operations in one call: all or nothing, or each for itself. Later ones may refer to the answers of earlier ones:
//   const batch = client.batch('atomic');
//   const customer = batch.add('customers/create', { name: 'Ana' });
//   batch.add('comments/create', { subject: customer.ref('id'), text: 'called' });
//   const [created, comment] = await batch.send();
import type { AnswerOf, OperationName, RequestOf } from './calls.js';
import { type ProblemDocument, Refusal } from './errors.js';
import { newKey } from './ids.js';
import type { CallOptions, Transport } from './transport.js';

/** A batch holds no more operations than this. */
export const batchOperationsMax = 1_000;

/** One operation of a batch, to be referred to by later ones. */
export interface BatchStep<A> {
  readonly index: number;
  /** Stands for a member of this operation's answer in the request of a later one. */
  ref(member: keyof A & string): string;
}

/** What became of one operation: its answer, or the refusal. */
export type BatchResult<A = unknown> =
  | { readonly ok: true; readonly status: number; readonly value: A }
  | { readonly ok: false; readonly status: number; readonly refusal: Refusal };

interface Step {
  operation: string;
  request: object;
  key?: string;
  as?: string;
}

/** A batch being put together; send it once, or again with the same keys after a lost connection. */
export class Batch {
  readonly #steps: Step[] = [];
  readonly #key: string;

  constructor(
    readonly mode: 'atomic' | 'each',
    readonly transport: Transport,
    readonly onAnswer: (operation: string, answer: unknown, seq: number | undefined) => void = () => {},
  ) {
    this.#key = newKey(transport.platform);
  }

  /** Appends an operation. */
  add<O extends OperationName>(
    operation: O,
    request: RequestOf<O>,
    options?: { key?: string },
  ): BatchStep<AnswerOf<O>> {
    if (this.#steps.length >= batchOperationsMax)
      throw new RangeError(`A batch holds ${batchOperationsMax} operations`);
    const index = this.#steps.length;
    const step: Step = { operation, request: request as object };
    if (this.mode === 'each') step.key = options?.key ?? newKey(this.transport.platform);
    this.#steps.push(step);
    return {
      index,
      ref: (member) => {
        step.as = `s${index}`;
        return `$s${index}.${member}`;
      },
    };
  }

  /** Sends it. Atomic: throws the refusal, whose document names the `index`; each: every result tells for itself. */
  async send(options: CallOptions = {}): Promise<BatchResult[]> {
    const body = { mode: this.mode, operations: this.#steps };
    const key = this.mode === 'atomic' ? { key: this.#key } : {};
    const answer = await this.transport.send<{ results: { status: number; body: unknown }[] }>(
      { method: 'POST', path: '/api/batch', body, ...key },
      options,
    );
    return answer.body.results.map(({ status, body: value }, index) =>
      status < 400
        ? this.#succeeded(index, status, value, answer.seq)
        : { ok: false, status, refusal: new Refusal(status, value as ProblemDocument) },
    );
  }

  #succeeded(index: number, status: number, value: unknown, seq: number | undefined): BatchResult {
    this.onAnswer(this.#steps[index]!.operation, value, seq);
    return { ok: true, status, value };
  }
}
