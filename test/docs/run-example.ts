import { strict as assert } from 'node:assert';
import * as http from 'node:http';
import type { Server } from 'node:http';
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
  '@koa/router @nestjs/common @nestjs/core express fastify hono ioredis koa pg'.split(' '),
);

/** A server that the example opens: on any free port here, and closed at the end. */
const LISTENING = /^([^\n]*)\.listen\(3000([^\n]*)\);$/gm;

const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as new (
  ...names: string[]
) => (...values: unknown[]) => Promise<void>;

/** Runs an example as a merchant's process would, and ends everything that it opened. */
export async function runExample(code: string): Promise<void> {
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
  const closers: (() => unknown)[] = [];
  onTestFinished(async () => {
    for (const close of closers.toReversed()) await close();
  });
  const createQBitFlow: typeof core.createQBitFlow = (options) => {
    const kit = core.createQBitFlow({ logger: false, ...options });
    closers.push(async () => kit.close());
    return kit;
  };
  const listening = (server: Server): Server => {
    closers.push(() => server.close());
    return server;
  };
  const modules: Readonly<Record<string, object>> = {
    'node:http': {
      ...http,
      createServer: (app: http.RequestListener) => listening(http.createServer(app)),
    },
    '@qbitflow/core': { ...core, createQBitFlow },
    '@qbitflow/core/testing': coreTesting,
    '@qbitflow/express': express,
    '@qbitflow/fastify': fastifyAdapter,
    '@qbitflow/hono': honoAdapter,
    '@qbitflow/koa': koaAdapter,
    '@qbitflow/nest': nestAdapter,
    '@qbitflow/sandbox': sandboxPackage,
    '@qbitflow/store-sqlite': storeSqlite,
    '@qbitflow/store-redis': storeRedis,
    '@qbitflow/store-postgres': storePostgres,
  };
  const load = async (name: string): Promise<unknown> => {
    if (!theirs.has(name) && !name.startsWith('node:') && !(name in modules))
      throw new Error(`an example imports ${name}, which is not offered here`);
    return modules[name] ?? import(/* @vite-ignore */ name);
  };
  const body = asFunctionBody(code).replaceAll(LISTENING, 'opened($1.listen(0$2));');
  const opened = (server: Server): Server => listening(server);
  const nothing = (): void => undefined;
  const quiet = {
    log: nothing,
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: nothing,
    assert,
  };
  const names = ['load', 'console', 'opened', 'babelHelpers'];
  await new AsyncFunction(...names, body)(load, quiet, opened, decoratorHelpers);
}
