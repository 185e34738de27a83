// SPDX-License-Identifier: Apache-2.0
// A small model of the server, in memory: customers and comments, versions, keys, and faults on demand. It knows nothing of
// the library, so that what it did can be held against what the library was asked to do.
type Json = Record<string, unknown>;
type Answer = { status: number; body: Json | string; headers?: Record<string, string> };

/** What happens to one call: it is lost before or after its effect, or answered badly. */
export type Fault =
  | 'lost_before'
  | 'lost_after'
  | 'busy'
  | 'unknown'
  | 'html'
  | 'gateway'
  | 'broken'
  | 'empty'
  | 'failed'
  | 'never';

const problem = (status: number, code: string, more: Json = {}): Answer => ({
  status,
  body: { status, code, ...more },
});

export class ModelServer {
  readonly records = new Map<string, Json & { version: number }>();
  readonly answers = new Map<string, { fingerprint: string; answer: Answer }>();
  /** Every effect, in order. */
  readonly effects: { key: string; operation: string; id: string; request: Json }[] = [];
  readonly calls: { method: string; path: string; key: string | null; headers: Headers; body: unknown }[] = [];
  /** What happens to the next calls, or to each as a function says. */
  faults: Fault[] | ((path: string, body: Json) => Fault | undefined) = [];
  user = 'user_a';
  tenant = 'tenant_a';
  loggedIn = true;
  down = false;
  seq = 0;

  readonly fetch = async (address: string, init: RequestInit): Promise<Response> => {
    const url = new URL(address);
    const headers = new Headers(init.headers);
    const body = init.body === undefined ? {} : (JSON.parse(String(init.body)) as Json);
    const key = headers.get('Idempotency-Key');
    if (this.down) throw new TypeError('fetch failed');
    this.calls.push({ method: init.method ?? 'GET', path: url.pathname, key, headers, body });
    const fault = Array.isArray(this.faults) ? this.faults.shift() : this.faults(url.pathname, body);
    const early = fault && earlyAnswer(fault);
    if (early) return early();
    if (fault === 'never') {
      return new Promise((_, reject) => init.signal?.addEventListener('abort', () => reject(new Error('aborted'))));
    }
    const answer = this.#answer(init.method ?? 'GET', url.pathname, body, headers);
    if (fault === 'lost_after') throw new TypeError('fetch failed');
    return new Response(JSON.stringify(answer.body), {
      status: answer.status,
      headers: { 'Content-Type': 'application/json', 'Interlock-Seq': String(this.seq), ...answer.headers },
    });
  };

  #answer(method: string, path: string, body: Json, headers: Headers): Answer {
    if (path === '/api/sessions/current') return this.#session();
    if (!this.loggedIn) return problem(401, 'unauthenticated');
    const match = path.match(/^\/api\/(\w+)(?:\/([^/]+))?$/);
    if (!match) return problem(404, 'not_found');
    const [, collection = '', second] = match;
    if (method === 'GET') return this.#read(second);
    const key = headers.get('Idempotency-Key') ?? '';
    const [operation, request] = operationOf(method, collection, second, body, headers);
    const fingerprint = JSON.stringify([operation, request]);
    const stored = this.answers.get(key);
    if (stored) {
      if (stored.fingerprint !== fingerprint) return problem(422, 'key_reused');
      return { ...stored.answer, headers: { 'Idempotency-Replayed': 'true' } };
    }
    const answer = this.#run(key, operation, request);
    if (answer.status !== 422) this.answers.set(key, { fingerprint, answer });
    return answer;
  }

  #session(): Answer {
    if (!this.loggedIn) return problem(401, 'unauthenticated');
    const user = { id: this.user, name: 'Ana', role: 'staff', permissions: [] };
    return { status: 200, body: { user, tenant: { id: this.tenant, slug: 't', name: 'T' } } };
  }

  #read(id: string | undefined): Answer {
    const record = this.records.get(id ?? '');
    return record ? { status: 200, body: record } : problem(404, 'not_found');
  }

  #run(key: string, operation: string, request: Json): Answer {
    const id = String(request.id);
    const record = this.records.get(id);
    if (String(request.name ?? request.text ?? '').startsWith('bad')) return problem(409, 'not_unique');
    if (request.name === '') return problem(422, 'required', { field: 'name' });
    const subject = request.subject === undefined || this.records.has(String(request.subject));
    if (!subject) return problem(404, 'not_found');
    const effect = (body: Json & { version: number }): Answer => {
      this.seq += 1;
      this.records.set(id, body);
      this.effects.push({ key, operation, id, request });
      return { status: operation.endsWith('/create') ? 201 : 200, body };
    };
    if (operation.endsWith('/create')) {
      if (record) return problem(409, 'id_taken');
      const created_at = new Date(Date.UTC(2026, 0, 5, 9) + this.seq).toISOString();
      return effect({ created_at, created_by: this.user, ...request, id, version: 1 });
    }
    if (!record) return problem(404, 'not_found');
    const { version, ...fields } = request;
    if (version !== undefined && version !== record.version) {
      const clashing_fields = Object.keys(fields).filter((name) => name !== 'id');
      return problem(409, 'stale_version', { base: null, current: record, yours: fields, clashing_fields });
    }
    return effect({ ...record, ...fields, id, version: record.version + 1 });
  }
}

function earlyAnswer(fault: Fault): (() => Response) | undefined {
  const text =
    (status: number, body: string, headers = {}) =>
    () =>
      new Response(body, { status, headers });
  switch (fault) {
    case 'lost_before':
      return () => {
        throw new TypeError('fetch failed');
      };
    case 'busy':
      return text(503, '{"status":503,"code":"overloaded"}', { 'Retry-After': '3' });
    case 'unknown':
      return text(503, '{"status":503,"code":"commit_unknown"}');
    case 'html':
      return text(200, '<!doctype html><title>Welcome to our network</title>');
    case 'gateway':
      return text(502, '<h1>Bad gateway</h1>');
    case 'broken':
      return text(200, '{"id":"cust');
    case 'empty':
      return text(200, '');
    case 'failed':
      return text(500, 'Internal error');
    default:
      return undefined;
  }
}

function operationOf(method: string, collection: string, second: string | undefined, body: Json, headers: Headers) {
  const match = headers.get('If-Match')?.replaceAll('"', '');
  const base = match ? { version: Number(match) } : {};
  if (method === 'PATCH') return [`${collection}/update`, { id: second, ...body, ...base }] as const;
  if (method === 'DELETE') return [`${collection}/delete`, { id: second, ...body, ...base }] as const;
  return [`${collection}/${second ?? 'create'}`, body] as const;
}
