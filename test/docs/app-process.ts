import { spawn } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Client } from 'pg';
import { onTestFinished } from 'vitest';

/** What an app is told: where QBitFlow and its database are, and its secrets. */
export type Environment = Readonly<Record<string, string>>;

/** A process of a guide's or an example's, until the test has finished. */
export interface AppProcess {
  /** What it has written. */
  readonly output: () => string;
  /** Sends SIGTERM; resolves with the exit code, or with the signal that ended it. */
  readonly stop: () => Promise<number | string>;
}

/** One that serves HTTP. */
export interface App extends AppProcess {
  readonly url: string;
}

/** Starts `node …args`, or another program, in a folder; resolves once something answers at the port that it is given. */
export async function startApp(
  folder: string,
  args: (port: number) => readonly string[],
  environment: Environment,
  program: string = process.execPath,
): Promise<App> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const settings = { PORT: String(port), ...environment };
  const isReady = async (): Promise<boolean> => answers(url);
  return { ...(await start(program, args(port), { folder, env: settings, isReady })), url };
}

/** Starts `node …args` in a folder; resolves once it says that it is working. */
export async function startWorker(
  folder: string,
  args: readonly string[],
  environment: Environment,
): Promise<AppProcess> {
  const isReady = (output: string): boolean => /^working$/m.test(output);
  return start(process.execPath, args, { folder, env: environment, isReady });
}

interface Start {
  readonly folder: string;
  readonly env: Environment;
  readonly isReady: (output: string) => boolean | Promise<boolean>;
}

async function start(
  program: string,
  args: readonly string[],
  { folder, env, isReady }: Start,
): Promise<AppProcess> {
  const child = spawn(program, args, { cwd: folder, env: { PATH: process.env['PATH'], ...env } });
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  let output = '';
  const read = (text: string): unknown => (output += text);
  child.stdout.setEncoding('utf8').on('data', read);
  child.stderr.setEncoding('utf8').on('data', read);
  while (!(await isReady(output))) {
    if (child.exitCode !== null) throw new Error(`the app ended: ${output}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
  return {
    output: () => output,
    async stop() {
      child.kill('SIGTERM');
      await exited;
      return child.exitCode ?? child.signalCode ?? '';
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    await (await fetch(`${url}/qbitflow/webhook`)).text();
    return true;
  } catch {
    return false;
  }
}

/** A port below those that the system hands out: until the app listens, no other server of a test is given it. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = randomInt(10_000, 30_000);
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return freePort();
  }
  server.close();
  await once(server, 'close');
  return port;
}

/** Makes a database that is gone when the test has ended; `undefined` where there is no server. */
export async function openDatabase(server: string): Promise<string | undefined> {
  const admin = new Client({ connectionString: server });
  try {
    await admin.connect();
  } catch {
    return undefined;
  }
  const name = `guide_${randomUUID().replaceAll('-', '')}`;
  await admin.query(`create database ${name}`);
  // A busy server takes its time over the files of a database.
  onTestFinished(async () => {
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  }, 60_000);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
