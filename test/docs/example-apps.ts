import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { Redis } from 'ioredis';
import { onTestFinished, type TestContext } from 'vitest';
import { root } from '../packages/tree.js';
import {
  openDatabase,
  startApp,
  startWorker,
  type App,
  type AppProcess,
  type Environment,
} from './app-process.js';

const SECRET = 'whsec_example';
const POSTGRES = process.env['QBITFLOW_TEST_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/test';
const REDIS = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379';

/** An example whose processes work in one empty folder. */
export interface Example {
  /** Starts one that listens, with arguments; resolves once it answers. */
  readonly start: (file: string, ...args: readonly string[]) => Promise<App>;
  /** Starts one that has no port; resolves once it works. */
  readonly startWorker: (file: string) => Promise<AppProcess>;
}

/** Opens an example for the test that runs: what it starts and writes is gone afterwards. */
export async function openExample(name: string, environment: Environment = {}): Promise<Example> {
  const folder = await mkdtemp(join(tmpdir(), `qbitflow-example-${name}-`));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const pathOf = (file: string): string => join(root, 'examples', name, file);
  const env = { QBITFLOW_WEBHOOK_SECRET: SECRET, ...environment };
  return {
    start: async (file, ...args) => startApp(folder, () => [pathOf(file), ...args], env),
    startWorker: async (file) => startWorker(folder, [pathOf(file)], env),
  };
}

/** What a webhook answered. */
export interface Answered {
  readonly status: number;
  readonly duplicate?: boolean;
}

type Overrides = NonNullable<Parameters<(typeof fixtures.v2)['payment.completed']>[0]>;

/** Signs an event of v2 as QBitFlow does, and sends it to the webhook below `url`. */
export async function deliver(
  url: string,
  type: keyof typeof fixtures.v2,
  overrides: Overrides = {},
  secret: string = SECRET,
): Promise<Answered> {
  const signed = signDelivery({ version: 'v2', secret, body: fixtures.v2[type](overrides) });
  const sent = { method: 'POST', headers: signed.headers, body: new Uint8Array(signed.body) };
  const response = await fetch(`${url}/qbitflow/webhook`, sent);
  const answer = (await response.json()) as Readonly<Record<string, unknown>>;
  return { status: response.status, ...(answer['duplicate'] === true && { duplicate: true }) };
}

/** The URL of a PostgreSQL database of the test's own: without a server it is skipped loudly, and fails on a build machine. */
export async function postgresOf(context: TestContext): Promise<string> {
  return (await openDatabase(POSTGRES)) ?? withoutServer(context, `no PostgreSQL at ${POSTGRES}`);
}

/** The URL of an empty database of Redis that is the test's own, as `postgresOf`. */
export async function redisOf(context: TestContext): Promise<string> {
  const client = new Redis(REDIS, { lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined);
  onTestFinished(() => client.disconnect());
  const isThere = await client.connect().then(
    () => true,
    () => false,
  );
  if (!isThere) return withoutServer(context, `no Redis at ${REDIS}`);
  const database = await takeDatabase(client);
  onTestFinished(async () => void (await client.flushdb()));
  const url = new URL(REDIS);
  url.pathname = `/${database}`;
  return url.href;
}

/** Selects the first numbered database that is empty and that no other run has taken; the notice goes with its data. */
async function takeDatabase(client: Redis): Promise<number> {
  for (let database = 15; database > 0; database -= 1) {
    await client.select(database);
    const isMine = (await client.set('qbitflow-test', 'taken', 'EX', 120, 'NX')) === 'OK';
    if (isMine && (await client.dbsize()) === 1) return database;
    if (isMine) await client.del('qbitflow-test');
  }
  throw new Error(`none of the databases 1 to 15 of ${REDIS} is empty`);
}

function withoutServer(context: TestContext, message: string): never {
  if (process.env['CI'] === 'true') throw new Error(message);
  process.stderr.write(`\nSKIPPED: ${message}: ${context.task.name}\n\n`);
  return context.skip();
}
