// SPDX-License-Identifier: Apache-2.0
// A real browser, driven over its debugging protocol, and a gate in front of the server that serves the page, counts
// sockets and can be shut as a network can.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { eventually } from './people.js';

/** The browser's program; undefined: tests that need one are left out. */
export const chromium = [process.env.CHROMIUM, '/usr/bin/chromium'].find((path) => path && existsSync(path));

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = `<!doctype html><meta charset="utf-8"><title>test</title><link rel="icon" href="data:,">
<script type="importmap">{"imports": {"idb": "/app/idb/index.js", "@interlock/client": "/app/dist/index.js"}}</script>
<script type="module">
import * as library from '@interlock/client';
window.library = library;
window.client = library.createClient();
</script>`;

/** The file at a path below /app/. */
export type Serve = (path: string) => { type: string; text: string | undefined };

/** Between browser and server. Shut, it lets nothing through and breaks what is open; the page itself comes all the same. */
export class Gate {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  /** WebSockets that are open now. */
  feeds = 0;
  open = true;
  /** Paths that do not come through. */
  blocks: (path: string) => boolean = () => false;

  private constructor(
    readonly target: URL,
    serve: Serve,
  ) {
    this.#server = createServer((incoming, answer) => {
      const path = incoming.url ?? '/';
      if (path.startsWith('/app/')) {
        const { type, text } = serve(path.replace(/\?.*/, ''));
        answer.writeHead(text === undefined ? 404 : 200, { 'Content-Type': type }).end(text);
        return;
      }
      if (!this.open || this.blocks(path)) {
        incoming.socket.destroy();
        return;
      }
      const { method, headers } = incoming;
      const onward = request({ host: target.hostname, port: target.port, path, method, headers }, (back) => {
        answer.writeHead(back.statusCode ?? 502, back.headers);
        back.pipe(answer);
      });
      onward.on('error', () => answer.destroy());
      incoming.pipe(onward);
    });
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('upgrade', (incoming: IncomingMessage, socket: Socket) => this.#upgrade(incoming, socket));
  }

  /** In front of a server; with the library's own page unless other files are given. */
  static async start(target: string, serve?: Serve): Promise<Gate> {
    if (!serve) {
      const compiler = join(root, '../node_modules/typescript/bin/tsc');
      execFileSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json')]);
    }
    const gate = new Gate(new URL(target), serve ?? file);
    gate.#server.listen(0, '127.0.0.1');
    await once(gate.#server, 'listening');
    return gate;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}/app/`;
  }

  shut(): void {
    this.open = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  stop(): void {
    this.shut();
    this.#server.close();
  }

  #upgrade(incoming: IncomingMessage, socket: Socket): void {
    if (!this.open) return void socket.destroy();
    const onward = connect(Number(this.target.port), this.target.hostname, () => {
      const headers = incoming.rawHeaders.flatMap((name, i, all) => (i % 2 ? [] : [`${name}: ${all[i + 1]}`]));
      onward.write(`GET ${incoming.url} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
      socket.pipe(onward).pipe(socket);
    });
    this.feeds += 1;
    let ended = false;
    const end = () => {
      if (!ended) this.feeds -= 1;
      ended = true;
      socket.destroy();
      onward.destroy();
    };
    for (const one of [socket, onward]) one.on('close', end).on('error', end);
  }
}

function file(path: string): { type: string; text: string | undefined } {
  if (path === '/app/') return { type: 'text/html', text: page };
  const name = path.startsWith('/app/idb/') ? `../node_modules/idb/build/${path.slice(9)}` : path.slice(5);
  const whole = join(root, name);
  return { type: 'text/javascript', text: existsSync(whole) ? readFileSync(whole, 'utf8') : undefined };
}

/** One page of the browser. */
export class BrowserTab {
  constructor(
    readonly browser: Browser,
    readonly target: string,
    readonly session: string,
  ) {}

  /** Runs a function in the page, with JSON in and out; `client` and `library` are global there. */
  async run<T, A = undefined>(work: (argument: A) => T | Promise<T>, argument?: A): Promise<T> {
    const expression = `(${work.toString()})(${JSON.stringify(argument)})`;
    const options = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.browser.send('Runtime.evaluate', options, this.session);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value as T;
  }

  async reload(): Promise<void> {
    await this.browser.send('Page.reload', {}, this.session);
    await this.ready();
  }

  async ready(): Promise<void> {
    await eventually(() => this.run(() => 'client' in globalThis).catch(() => false), 'the page');
  }

  async close(): Promise<void> {
    await this.browser.send('Target.closeTarget', { targetId: this.target });
  }

  /** The page's process dies. */
  crash(): void {
    this.browser.send('Page.crash', {}, this.session).catch(() => {}); // it does not live to answer
  }
}

const startMsMax = 120_000;
const endMsMax = 10_000;

const isOver = (process: ChildProcess) => process.exitCode !== null || process.signalCode !== null;

/** As the browser tells it once it is up. */
async function debuggingAddress(process: ChildProcess, folder: string): Promise<string> {
  const told = join(folder, 'DevToolsActivePort');
  const address = () => {
    if (isOver(process)) throw new Error(`the browser ended at its start: ${process.exitCode ?? process.signalCode}`);
    const [port, path] = existsSync(told) ? readFileSync(told, 'utf8').split('\n') : [];
    return path?.startsWith('/devtools/') ? `ws://127.0.0.1:${port}${path}` : undefined;
  };
  await eventually(address, 'the browser', startMsMax);
  return address()!;
}

/** Ends a browser, by force if it does not end by itself, and removes what it kept. */
async function end(process: ChildProcess, folder: string): Promise<void> {
  if (!isOver(process)) {
    const ended = once(process, 'exit');
    process.kill('SIGTERM');
    const force = setTimeout(() => process.kill('SIGKILL'), endMsMax);
    await ended;
    clearTimeout(force);
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

// biome-ignore lint/suspicious/noExplicitAny: the debugging protocol's answers
type Answer = any;

export class Browser {
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #next = 0;
  /** Everything that the pages complained about. */
  readonly complaints: string[] = [];

  private constructor(
    readonly process: ChildProcess,
    readonly folder: string,
    readonly socket: WebSocket,
  ) {
    socket.on('message', (data) => this.#hear(JSON.parse(String(data))));
  }

  static async start(): Promise<Browser> {
    const folder = mkdtempSync(join(tmpdir(), 'interlock-browser-'));
    const flags = [
      '--headless=new',
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--no-first-run',
      '--remote-debugging-port=0',
    ];
    const process = spawn(chromium!, [...flags, `--user-data-dir=${folder}`, 'about:blank'], { stdio: 'ignore' });
    try {
      const socket = new WebSocket(await debuggingAddress(process, folder));
      await once(socket, 'open');
      return new Browser(process, folder, socket);
    } catch (error) {
      await end(process, folder);
      throw error;
    }
  }

  async open(url: string): Promise<BrowserTab> {
    const { targetId } = await this.send('Target.createTarget', { url });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    await this.send('Runtime.enable', {}, sessionId);
    const tab = new BrowserTab(this, targetId, sessionId);
    await tab.ready();
    return tab;
  }

  send(method: string, params: object, sessionId?: string): Promise<Answer> {
    const id = ++this.#next;
    this.socket.send(JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) }));
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (answer) =>
        answer.error ? reject(new Error(answer.error.message)) : resolve(answer.result),
      );
    });
  }

  async stop(): Promise<void> {
    await end(this.process, this.folder);
  }

  #hear(message: Answer): void {
    if (message.method === 'Runtime.exceptionThrown') {
      const { exception, text } = message.params.exceptionDetails;
      this.complaints.push(exception?.description ?? text);
    }
    this.#waiting.get(message.id)?.(message);
    this.#waiting.delete(message.id);
  }
}
