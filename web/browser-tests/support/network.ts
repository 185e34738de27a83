// SPDX-License-Identifier: Apache-2.0
// A network between browser and server: slow, cut, or losing answers.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

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
    this.#carry(browser, server, (bytes) => {
      if (this.failsAt(bytes.toString('latin1'))) {
        browser.end('HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
        return false;
      }
      if (!silent && this.losesAnswerTo(bytes.toString('latin1'))) silent = true;
      return true;
    });
    this.#carry(server, browser, () => {
      if (silent) browser.destroy();
      return !silent;
    });
  }

  /** In order; one piece after the other takes its time on the line. */
  #carry(from: Socket, to: Socket, passes: (bytes: Buffer) => boolean): void {
    let freeAt = 0;
    from.on('data', (bytes) => {
      if (!passes(bytes)) return;
      const now = performance.now();
      const { slowness } = this;
      if (!slowness) return void to.write(bytes);
      freeAt = Math.max(freeAt, now) + (bytes.length / slowness.bytesPerSecond) * 1_000;
      setTimeout(() => to.destroyed || to.write(bytes), freeAt - now + slowness.delayMs);
    });
  }
}
