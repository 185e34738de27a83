// SPDX-License-Identifier: Apache-2.0
// Moves of cards that the server has not answered yet: shown as pending where they go, taken back if they are refused.
import { type Customer, isInterlockError } from '@interlock/client';
import { useCallback, useState } from 'react';
import { client } from '../../../client';
import { errorText } from '../../../lib/error_text';
import { reportFault } from '../../../lib/report';
import type { Statuses } from '../../../lib/statuses';
import { useT, useTexts } from '../../../texts/context';

export interface Move {
  readonly customer: Customer;
  readonly to: string;
}

export interface Moves {
  readonly under_way: ReadonlyMap<string, Move>;
  begin(customer: Customer, to: string): void;
}

interface Told {
  /** For everybody who does not see it move. */
  readonly say: (text: string) => void;
  readonly onRefused: (title: string, reason: string) => void;
}

export function useMoves(statuses: Statuses, { say, onRefused }: Told): Moves {
  const t = useT();
  const texts = useTexts();
  const [moves, setMoves] = useState<ReadonlyMap<string, Move>>(new Map());
  const put = useCallback((id: string, move: Move | undefined) => {
    setMoves((old) => {
      const next = new Map(old);
      if (move) next.set(id, move);
      else next.delete(id);
      return next;
    });
  }, []);

  const refuse = (customer: Customer, reason: string) => {
    const title = t('board.refused', { name: customer.name, status: statuses.label(customer.status) });
    onRefused(title, reason);
    say(`${title}. ${reason}`);
  };
  const send = async (customer: Customer, to: string) => {
    const names = { name: customer.name, status: statuses.label(to) };
    const request = { id: customer.id, status: to, expected_status: customer.status };
    put(customer.id, { customer, to });
    say(t('board.moving', names));
    let key: string | undefined;
    try {
      const action = await client.perform('customers/set-status', request, { optimistic: { status: to } });
      key = action.key;
      await action.settled;
      say(t('board.moved', names));
    } catch (error) {
      if (!isInterlockError(error)) return reportFault(error);
      refuse(customer, errorText(texts, error));
      // It was told; nobody has to settle it a second time in the queue.
      if (key) await (await client.queue()).discard(key);
    } finally {
      put(customer.id, undefined);
    }
  };
  return {
    under_way: moves,
    begin: (customer, to) => {
      if (to === customer.status || moves.has(customer.id)) return;
      const [from, wanted] = [statuses.label(customer.status), statuses.label(to)];
      if (statuses.allows(customer.status, to)) void send(customer, to);
      else refuse(customer, t('board.not_allowed', { from, to: wanted }));
    },
  };
}
