import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installApp, packAll, type PackedPackage } from './support/packed.js';
import { root } from './tree.js';

const run = promisify(execFile);

/** Says what a handler is, and that it is not `any`: that fits everywhere, a number too. */
const EXPRESS = `import express from 'express';
import { createQBitFlow } from '@qbitflow/core';
import { qbitflowRouter, webhookHandler } from '@qbitflow/express';
const kit = createQBitFlow();
express().use('/qbitflow', qbitflowRouter(kit));
// @ts-expect-error a handler is no number
export const wrong: number = webhookHandler(kit);
`;
const KOA = `import Koa from 'koa';
import { createQBitFlow } from '@qbitflow/core';
import { fixtures } from '@qbitflow/core/testing';
import { qbitflowRouter, webhookHandler } from '@qbitflow/koa';
const kit = createQBitFlow();
new Koa().use(qbitflowRouter(kit).routes()).use(webhookHandler(kit));
// @ts-expect-error a handler is no number
export const wrong: number = webhookHandler(kit);
// @ts-expect-error and a router no text
export const wrongToo: string = qbitflowRouter(kit);
export const known: object = fixtures.v2['payment.completed']();
`;

const FASTIFY = `import fastify from 'fastify';
import { createQBitFlow } from '@qbitflow/core';
import { checkoutHandler, qbitflowPlugin, successHandler, webhookHandler } from '@qbitflow/fastify';
const qbitflow = createQBitFlow();
const app = fastify();
app.register(qbitflowPlugin, { prefix: '/qbitflow', qbitflow, success: { timeoutMs: 1_000 } });
app.post('/hooks', webhookHandler(qbitflow));
app.get('/thanks', successHandler(qbitflow));
app.post('/buy', checkoutHandler(qbitflow, () => ({ productName: 'Tea', price: 4.5 })));
// @ts-expect-error a kit is needed
app.register(qbitflowPlugin, { prefix: '/qbitflow' });
// @ts-expect-error a handler is no number
export const wrong: number = successHandler(qbitflow);
`;
const HONO = `import { Hono } from 'hono';
import { createQBitFlow } from '@qbitflow/core';
import { qbitflowRouter, webhookHandler } from '@qbitflow/hono';
const kit = createQBitFlow();
export const app = new Hono().route('/qbitflow', qbitflowRouter(kit)).post('/hooks', webhookHandler(kit));
// @ts-expect-error a handler is no number
export const wrong: number = webhookHandler(kit);
// @ts-expect-error and a router no text
export const wrongToo: string = qbitflowRouter(kit);
`;
const NEST = `import { Module, type DynamicModule } from '@nestjs/common';
import { createQBitFlow, type EventOf } from '@qbitflow/core';
import { OnQBitFlow, QBitFlowModule } from '@qbitflow/nest';
class Orders {
  @OnQBitFlow('payment.completed')
  async ship(event: EventOf<'payment.completed'>): Promise<void> { void event.data.uuid; }
}
export const kit: DynamicModule = QBitFlowModule.forRoot({ qbitflow: createQBitFlow() });
@Module({ imports: [kit], providers: [Orders] })
export class Root {}
// @ts-expect-error a kit is needed
QBitFlowModule.forRoot({});
// @ts-expect-error a module is no number
export const wrong: number = kit;
`;

const STORES = `import { createQBitFlow } from '@qbitflow/core';
import { postgresStore } from '@qbitflow/store-postgres';
import { redisStore } from '@qbitflow/store-redis';
import { sqliteStore } from '@qbitflow/store-sqlite';
export const kits = [postgresStore, redisStore].map((open) => typeof open);
export const kit = createQBitFlow({ store: sqliteStore('deliveries.db') });
// @ts-expect-error a store is no number
export const wrong: number = sqliteStore('deliveries.db');
`;

const expresses = [
  ['express 4', { express: 'express4', '@types/express': 'types-express4' }],
  ['express 5', { express: 'express', '@types/express': 'types-express5' }],
] as const;
const router12 = { '@koa/router': 'koa-router12', '@types/koa__router': 'types-koa-router12' };
const koas = [
  ['koa 2 and @koa/router 12', { koa: 'koa2', '@types/koa': 'types-koa2', ...router12 }],
  [
    'koa 3 and @koa/router 15',
    { koa: 'koa', '@types/koa': 'types-koa3', '@koa/router': '@koa/router' },
  ],
] as const;

/** The declarations of 4.0 itself no longer compile. */
const fastifies = [
  ['fastify 4', { fastify: 'fastify4' }],
  ['fastify 5', { fastify: 'fastify' }],
] as const;
const honos = [
  ['hono 4.0', { hono: 'hono40' }],
  ['hono 4', { hono: 'hono' }],
] as const;
const nestIn = (modules: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ['@nestjs/common', '@nestjs/core', 'rxjs'].map((name) => [name, modules + name]),
  );
const nests = [
  ['nest 10.0', nestIn('../../packages/nest/test/nest10/node_modules/')],
  ['nest 11', nestIn('../../packages/nest/test/nest11/node_modules/')],
  ['nest 12', nestIn('')],
] as const;

/** How a project may resolve modules, each for what it writes: ESM and CommonJS by the files' endings. */
const projects = [
  { module: 'node16', moduleResolution: 'node16', files: ['app.mts', 'app.cts'] },
  { module: 'nodenext', moduleResolution: 'nodenext', files: ['app.mts', 'app.cts'] },
  { module: 'esnext', moduleResolution: 'bundler', files: ['app.ts'] },
] as const;

const ADAPTERS = ['express', 'fastify', 'hono', 'koa', 'nest'];

let out: string;
let packed: readonly PackedPackage[];

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'qbitflow-packed-'));
  packed = await packAll(
    [...ADAPTERS, 'core', 'store-postgres', 'store-redis', 'store-sqlite'],
    out,
  );
}, 60_000);

afterAll(async () => {
  await rm(out, { recursive: true, force: true });
});

/** Checks the libraries' own declarations too; resolves with the complaints. */
async function complaints(
  app: string,
  text: string,
  more: object = {},
): Promise<readonly string[]> {
  for (const file of ['app.mts', 'app.cts', 'app.ts']) await writeFile(join(app, file), text);
  const found: string[] = [];
  for (const { files, ...resolution } of projects) {
    const rules = { strict: true, skipLibCheck: false, noEmit: true, target: 'es2022', ...more };
    const compilerOptions = { ...resolution, ...rules, lib: ['es2023'], types: ['node'] };
    await writeFile(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    found.push(...(await compile(app)).map((line) => `${resolution.module}: ${line}`));
  }
  return found;
}

/**
 * Complaints about our declarations and about the app: early versions of frameworks do not all compile by themselves, and
 * Nest 12 has no CommonJS, which TypeScript's `node16` (TS1479) lets no CommonJS import.
 */
function aboutOurs(found: readonly string[]): readonly string[] {
  const isOurs = /^\w+: (?:app\.|[^(]*@qbitflow\/)/;
  return found.filter((line) => isOurs.test(line) && !/^node16: .*TS1479/.test(line));
}

async function compile(app: string): Promise<readonly string[]> {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  try {
    await run(process.execPath, [tsc, '-p', '.'], { cwd: app });
    return [];
  } catch (error) {
    const { stdout } = error as { readonly stdout: string };
    return stdout.trim().split('\n');
  }
}

const node = { '@types/node': '@types/node' };
const only = (...names: readonly string[]): readonly PackedPackage[] =>
  packed.filter(({ manifest }) => names.includes(manifest.name));

describe('the packed types, without skipLibCheck, however modules are resolved', () => {
  it.each(expresses)('hold beside %s', { timeout: 120_000 }, async (_name, versions) => {
    const ours = only('@qbitflow/core', '@qbitflow/express');
    expect(await complaints(await installApp(ours, { ...versions, ...node }), EXPRESS)).toEqual([]);
  });

  it.each(koas)('hold beside %s', { timeout: 120_000 }, async (_name, versions) => {
    const ours = only('@qbitflow/core', '@qbitflow/koa');
    expect(await complaints(await installApp(ours, { ...versions, ...node }), KOA)).toEqual([]);
  });

  it.each(fastifies)('hold beside %s', { timeout: 120_000 }, async (_name, versions) => {
    const packages = only('@qbitflow/core', '@qbitflow/fastify');
    const app = await installApp(packages, { ...versions, ...node });
    expect(aboutOurs(await complaints(app, FASTIFY))).toEqual([]);
  });

  it.each(honos)('hold beside %s', { timeout: 120_000 }, async (_name, versions) => {
    const app = await installApp(only('@qbitflow/core', '@qbitflow/hono'), {
      ...versions,
      ...node,
    });
    expect(aboutOurs(await complaints(app, HONO))).toEqual([]);
  });

  it.each(nests)('hold beside %s', { timeout: 120_000 }, async (_name, versions) => {
    const app = await installApp(only('@qbitflow/core', '@qbitflow/nest'), {
      ...versions,
      ...node,
    });
    expect(aboutOurs(await complaints(app, NEST, { experimentalDecorators: true }))).toEqual([]);
  });

  it('hold for the stores, without any client installed', { timeout: 120_000 }, async () => {
    const ours = packed.filter(
      ({ manifest }) => !/express|fastify|hono|koa|nest/.test(manifest.name),
    );
    expect(await complaints(await installApp(ours, node), STORES)).toEqual([]);
  });
});
