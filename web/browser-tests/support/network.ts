// SPDX-License-Identifier: Apache-2.0
// A network between browser and server: slow, cut, or losing answers.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** An answer of something that stands between browser and server. */
export interface StrangeAnswer {
  readonly status: number;
  readonly type?: string;
  readonly body?: string;
}

/** The usual meaning of "Slow 3G": 400 kbit/s each way, 400 ms there and 400 ms back. */
export const slow3G = { bytesPerSecond: 50_000, delayMs: 400 };

export class Network {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #port: number;
  #open = true;
  /** Undefined: as fast as the machine. */
  slowness: { bytesPerSecond: number; delayMs: number } | undefined;
  /** Looks at what the browser sends; true: it goes on to the server, but no answer comes back, and the line breaks. */
  losesAnswerTo: (request: string) => boolean = () => false;

  /** Looks at what the browser sends; true: it goes no further, and the answer is that the server failed. */
  failsAt: (request: string) => boolean = () => false;

  /** Looks at what the browser sends; an answer: it goes no further, and that comes back. */
  answers: (request: string) => StrangeAnswer | undefined = () => undefined;

  /** Looks at what the browser sends; true: it goes on to the server, and the answer waits here until `release`. */
  holdsAnswerTo: (request: string) => boolean = () => false;

  /** Looks at what the server sends over a WebSocket; a text: it is lost, and a frame of that text comes in its place. */
  garbles: (frames: string) => string | undefined = () => undefined;
  readonly #held: (() => void)[] = [];

  private constructor(target: URL) {
    this.#port = Number(target.port);
    this.#server = createServer((socket) => this.#join(socket));
  }

  static async before(target: string): Promise<Network> {
    const network = new Network(new URL(target));
    network.#server.listen(0, '127.0.0.1');
    await once(network.#server, 'listening');
    return network;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  cut(): void {
    this.#open = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#open = true;
  }

  /** How many answers wait. */
  get held(): number {
    return this.#held.length;
  }

  /** Lets go what waits, and holds nothing any more. */
  release(): void {
    this.holdsAnswerTo = () => false;
    for (const go of this.#held.splice(0)) go();
  }

  stop(): void {
    this.cut();
    this.#server.close();
  }

  #join(browser: Socket): void {
    if (!this.#open) return void browser.destroy();
    const server = connect(this.#port, '127.0.0.1');
    for (const socket of [browser, server]) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        browser.destroy();
        server.destroy();
      });
    }
    let silent = false;
    let isHeld = false;
    let isOver = false;
    let isWebSocket = false;
    this.#carry(browser, server, (bytes) => {
      const request = bytes.toString('latin1');
      isWebSocket ||= /^upgrade: websocket/im.test(request);
      const strange = this.failsAt(request) ? { status: 500 } : this.answers(request);
      if (strange) browser.end(written(strange));
      isOver ||= strange !== undefined;
      if (isOver) return undefined;
      if (!silent && this.losesAnswerTo(request)) silent = true;
      if (!isHeld && this.holdsAnswerTo(request)) isHeld = true;
      return bytes;
    });
    this.#carry(server, browser, (bytes) => {
      if (silent) return void browser.destroy();
      if (isHeld) {
        isHeld = false;
        server.pause();
        this.#held.push(() => {
          if (!browser.destroyed) browser.write(bytes);
          server.resume();
        });
        return undefined;
      }
      const garbage = isWebSocket ? this.garbles(bytes.toString('utf8')) : undefined;
      return garbage === undefined ? bytes : textFrame(garbage);
    });
  }

  /** In order; one piece after the other takes its time on the line. */
  #carry(from: Socket, to: Socket, changed: (bytes: Buffer) => Buffer | undefined): void {
    let freeAt = 0;
    from.on('data', (read) => {
      const bytes = changed(read);
      if (!bytes) return;
      const now = performance.now();
      const { slowness } = this;
      if (!slowness) return void to.write(bytes);
      freeAt = Math.max(freeAt, now) + (bytes.length / slowness.bytesPerSecond) * 1_000;
      setTimeout(() => to.destroyed || to.write(bytes), freeAt - now + slowness.delayMs);
    });
  }
}

function written({ status, type, body = '' }: StrangeAnswer): string {
  const head = [`HTTP/1.1 ${status} Strange`, `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close'];
  return [...head, ...(type ? [`Content-Type: ${type}`] : []), '', body].join('\r\n');
}

/** RFC 6455, section 5.2: the last frame of a text that is not masked. */
function textFrame(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length > 125) throw new RangeError('a longer text needs another head');
  return Buffer.concat([Buffer.from([0x81, bytes.length]), bytes]);
}
