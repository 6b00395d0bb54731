import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A Redis of a test's own, on the loopback interface, gone with the test. */
export interface ThrowawayServer {
  readonly url: string;
  readonly port: number;
  /** SIGKILL: what is not on disk is lost. */
  crash(): Promise<void>;
  /** Starts again on the same port and folder. */
  restart(): Promise<void>;
  /** SIGSTOP: connections stay open and nobody answers. */
  stall(): void;
  /** SIGCONT. */
  resume(): void;
}

/** Starts one with these arguments after `redis-server`; without them it keeps nothing. */
export async function startServer(...args: readonly string[]): Promise<ThrowawayServer> {
  const folder = mkdtempSync(join(tmpdir(), 'qbitflow-redis-'));
  const port = await freePort();
  const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  return runServer({ folder, port, args: [...own, ...args] });
}

/** Starts a sentinel that watches the primary at this port. */
export async function startSentinel(name: string, primary: number): Promise<ThrowawayServer> {
  const folder = mkdtempSync(join(tmpdir(), 'qbitflow-sentinel-'));
  const port = await freePort();
  const file = join(folder, 'sentinel.conf');
  writeFileSync(
    file,
    `port ${port}\nbind 127.0.0.1\nsentinel monitor ${name} 127.0.0.1 ${primary} 1\n`,
  );
  return runServer({ folder, port, args: [file, '--sentinel'] });
}

interface Run {
  readonly folder: string;
  readonly port: number;
  readonly args: readonly string[];
}

async function runServer({ folder, port, args }: Run): Promise<ThrowawayServer> {
  const start = async () => startProcess(args);
  let child = await start();

  async function crash(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  onTestFinished(async () => {
    await crash();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    crash,
    async restart() {
      child = await start();
    },
    stall: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
  };
}

async function startProcess(args: readonly string[]): Promise<ChildProcess> {
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let log = '';
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      reject(new Error(`redis-server ended: ${log}`));
    });
    child.stdout.on('data', (chunk) => {
      log += String(chunk);
      if (/Ready to accept connections|Sentinel ID is/.test(log)) resolve();
    });
  });
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
