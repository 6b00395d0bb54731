import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { Server, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as conformance from '@qbitflow/conformance';
import * as core from '@qbitflow/core';
import * as coreTesting from '@qbitflow/core/testing';
import * as express from '@qbitflow/express';
import * as fastifyAdapter from '@qbitflow/fastify';
import * as honoAdapter from '@qbitflow/hono';
import * as koaAdapter from '@qbitflow/koa';
import * as nestAdapter from '@qbitflow/nest';
import * as sandboxPackage from '@qbitflow/sandbox';
import * as storePostgres from '@qbitflow/store-postgres';
import * as storeRedis from '@qbitflow/store-redis';
import * as storeSqlite from '@qbitflow/store-sqlite';
import { onTestFinished, vi } from 'vitest';
import { asFunctionBody, decoratorHelpers } from './doc-comments.js';

/** What examples import beside our own packages. */
const theirs: ReadonlySet<string> = new Set(
  `@hono/node-server @koa/router @nestjs/common @nestjs/core drizzle-orm drizzle-orm/node-postgres drizzle-orm/pg-core
  express fastify hono ioredis knex koa kysely pg postgres reflect-metadata`.split(/\s+/),
);

const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as new (
  ...names: string[]
) => (...values: unknown[]) => Promise<void>;

/** A file is made in a folder that is gone when the test has ended. */
const inPlaceOfItsOwn: typeof storeSqlite.sqliteStore = (at, options) => {
  if (typeof at !== 'string' || at === ':memory:') return storeSqlite.sqliteStore(at, options);
  const folder = mkdtempSync(join(tmpdir(), 'example-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return storeSqlite.sqliteStore(join(folder, at), options);
};

/** What became of an example. Whatever it opened is open until the test has ended. */
export interface Ran {
  readonly sandbox: sandboxPackage.Sandbox;
  /** Where its server listens; `undefined` where it has none. */
  readonly url: () => string | undefined;
  /** What it has written to the console, each call as a line. */
  readonly written: readonly string[];
  /** The cases that it gave to a test runner. */
  readonly cases: readonly { readonly name: string; readonly run: () => Promise<void> }[];
}

/** Runs an example as a merchant's process would, and ends everything that it opened. */
export async function runExample(example: string, language?: 'js' | 'ts'): Promise<Ran> {
  const sandbox = await sandboxPackage.startSandbox({ port: 0 });
  onTestFinished(async () => sandbox.close());
  vi.stubEnv('QBITFLOW_BASE_URL', `${sandbox.url}/v2`);
  vi.stubEnv('QBITFLOW_API_KEY', 'sk_sandbox');
  vi.stubEnv('QBITFLOW_WEBHOOK_SECRET', 'whsec_sandbox');
  vi.stubEnv('REDIS_URL', 'redis://127.0.0.1:6379');
  vi.stubEnv('DATABASE_URL', 'postgres://postgres@127.0.0.1:5432/test');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  removeListenersAfterwards();
  const servers = watchServers();
  const createQBitFlow: typeof core.createQBitFlow = (options) => {
    const kit = core.createQBitFlow({ logger: false, ...options });
    onTestFinished(async () => kit.close());
    return kit;
  };
  const cases: Ran['cases'][number][] = [];
  const test = (name: string, ...rest: unknown[]): void => {
    const run = rest.find((given) => typeof given === 'function') as () => Promise<void>;
    cases.push({ name, run });
  };
  const modules: Readonly<Record<string, object>> = {
    'node:test': { test },
    vitest: { test },
    '@qbitflow/conformance': conformance,
    '@qbitflow/core': { ...core, createQBitFlow },
    '@qbitflow/core/testing': coreTesting,
    '@qbitflow/express': express,
    '@qbitflow/fastify': fastifyAdapter,
    '@qbitflow/hono': honoAdapter,
    '@qbitflow/koa': koaAdapter,
    '@qbitflow/nest': nestAdapter,
    '@qbitflow/sandbox': sandboxPackage,
    '@qbitflow/store-sqlite': { ...storeSqlite, sqliteStore: inPlaceOfItsOwn },
    '@qbitflow/store-redis': storeRedis,
    '@qbitflow/store-postgres': storePostgres,
  };
  const load = async (name: string): Promise<unknown> => {
    if (name in modules) return modules[name];
    if (!theirs.has(name) && !name.startsWith('node:'))
      throw new Error(`an example imports ${name}, which is not offered here`);
    return import(/* @vite-ignore */ name);
  };
  const written: string[] = [];
  const write = (...parts: readonly unknown[]): void => {
    written.push(parts.map(String).join(' '));
  };
  const quiet = { log: write, debug: write, info: write, warn: write, error: write, assert };
  const body = asFunctionBody(example, language === 'ts' || undefined);
  const names = ['load', 'console', 'babelHelpers'];
  await new AsyncFunction(...names, body)(load, quiet, decoratorHelpers);
  return { sandbox, url: () => urlOf(servers), written, cases };
}

function urlOf(servers: ReadonlySet<Server>): string | undefined {
  const addresses = [...servers].map((server) => server.address());
  const address = addresses.find(
    (one): one is AddressInfo => typeof one === 'object' && one !== null,
  );
  return address && `http://127.0.0.1:${address.port}`;
}

const DOCUMENTED_PORT = 3000;

/** The servers that are opened from now on: on any free port where it would be 3000, and closed at the end. */
function watchServers(): ReadonlySet<Server> {
  const servers = new Set<Server>();
  const listen: unknown = Reflect.get(Server.prototype, 'listen');
  if (typeof listen !== 'function') throw new Error('net.Server has no listen()');
  Server.prototype.listen = function watched(this: Server, ...given: unknown[]): Server {
    servers.add(this);
    const [first, ...rest] = given;
    const isOptions = typeof first === 'object' && first !== null;
    const port: unknown = isOptions ? Reflect.get(first, 'port') : first;
    const free = isOptions ? { ...first, port: 0 } : 0;
    const asked = port === DOCUMENTED_PORT ? [free, ...rest] : given;
    return Reflect.apply(listen, this, asked) as Server;
  };
  onTestFinished(() => {
    Reflect.set(Server.prototype, 'listen', listen);
    for (const server of servers) {
      if ('closeAllConnections' in server) (server.closeAllConnections as () => void)();
      server.close();
    }
  });
  return servers;
}

/** Examples listen to signals, and so do frameworks. */
function removeListenersAfterwards(): void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'beforeExit', 'exit'];
  const before = new Map(signals.map((name) => [name, process.listeners(name as 'SIGINT')]));
  onTestFinished(() => {
    for (const [name, listeners] of before)
      for (const one of process.listeners(name as 'SIGINT'))
        if (!listeners.includes(one)) process.removeListener(name, one);
  });
}
