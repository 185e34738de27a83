// SPDX-License-Identifier: Apache-2.0
// The real server on a free port with fresh data, for the tests that need it: INTERLOCK_BINARY names the program.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The program to test against; undefined: these tests are left out. */
export const binary = process.env.INTERLOCK_BINARY;

const startMsMax = 60_000;

/** The program takes its settings from INTERLOCK_..., and refuses what it does not know. */
function surroundings(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('INTERLOCK_')));
}

/** A port of the loopback that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

export class TestServer {
  #process: ChildProcess | undefined;
  /** What it printed. */
  output = '';

  private constructor(
    readonly url: string,
    readonly data: string,
    readonly demo: boolean,
  ) {}

  /** Starts a server with the demo tenants, or one that waits to be set up. */
  static async start({ demo = true } = {}): Promise<TestServer> {
    const data = mkdtempSync(join(tmpdir(), 'interlock-client-'));
    const server = new TestServer(`http://127.0.0.1:${await freePort()}`, data, demo);
    await server.run();
    return server;
  }

  /** Starts the process; after stop or kill on the same data and address. */
  async run(): Promise<void> {
    const words = [
      'serve',
      '--listen',
      this.url.slice('http://'.length),
      '--data',
      this.data,
      ...(this.demo ? ['--demo'] : []),
    ];
    const child = spawn(binary!, words, { stdio: ['ignore', 'pipe', 'ignore'], env: surroundings() });
    this.#process = child;
    child.stdout.on('data', (text) => {
      this.output += text;
    });
    const end = Date.now() + startMsMax;
    while (!(await this.#isReady())) {
      if (child.exitCode !== null || Date.now() > end) throw new Error(`the server does not start: ${binary}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Runs one of the program's commands on the server's data, and answers what it prints. */
  command(...words: string[]): string {
    return execFileSync(binary!, [...words, '--data', this.data], { encoding: 'utf8', env: surroundings() });
  }

  /** Ends the process at once, as a crash would. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Ends it, and removes its data. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    rmSync(this.data, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  async #isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/readyz`)).ok;
    } catch {
      return false; // not listening yet
    }
  }
}
