import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
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

/** A fault in each file of each app, which shows that it was read. */
const PLANTED = 'export const planted: string = 1;\n';

const router12 = { '@koa/router': 'koa-router12', '@types/koa__router': 'types-koa-router12' };
const nestIn = (modules: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ['@nestjs/common', '@nestjs/core', 'rxjs'].map((name) => [name, modules + name]),
  );

interface App {
  readonly name: string;
  /** Our packages in it, beside core. */
  readonly ours: readonly string[];
  readonly text: string;
  /** By name, the version of a framework that is installed beside them. */
  readonly versions: Readonly<Record<string, string>>;
}

/** Nothing may be wrong with these, not even with the frameworks' own declarations. */
const sound: readonly App[] = [
  {
    name: 'express 4',
    ours: ['express'],
    text: EXPRESS,
    versions: { express: 'express4', '@types/express': 'types-express4' },
  },
  {
    name: 'express 5',
    ours: ['express'],
    text: EXPRESS,
    versions: { express: 'express', '@types/express': 'types-express5' },
  },
  {
    name: 'koa 2 and @koa/router 12',
    ours: ['koa'],
    text: KOA,
    versions: { koa: 'koa2', '@types/koa': 'types-koa2', ...router12 },
  },
  {
    name: 'koa 3 and @koa/router 15',
    ours: ['koa'],
    text: KOA,
    versions: { koa: 'koa', '@types/koa': 'types-koa3', '@koa/router': '@koa/router' },
  },
  {
    name: 'the stores, without any client',
    ours: ['store-postgres', 'store-redis', 'store-sqlite'],
    text: STORES,
    versions: {},
  },
];

/**
 * Early versions of these do not all compile by themselves (the declarations of fastify 4.0 not at all): what counts are
 * complaints about our declarations and about the app.
 */
const lenient: readonly App[] = [
  { name: 'fastify 4', ours: ['fastify'], text: FASTIFY, versions: { fastify: 'fastify4' } },
  { name: 'fastify 5', ours: ['fastify'], text: FASTIFY, versions: { fastify: 'fastify' } },
  { name: 'hono 4.0', ours: ['hono'], text: HONO, versions: { hono: 'hono40' } },
  { name: 'hono 4', ours: ['hono'], text: HONO, versions: { hono: 'hono' } },
  {
    name: 'nest 10.0',
    ours: ['nest'],
    text: NEST,
    versions: nestIn('../../packages/nest/test/nest10/node_modules/'),
  },
  {
    name: 'nest 11',
    ours: ['nest'],
    text: NEST,
    versions: nestIn('../../packages/nest/test/nest11/node_modules/'),
  },
  { name: 'nest 12', ours: ['nest'], text: NEST, versions: nestIn('') },
];

/** How a project may resolve modules, each for what it writes: ESM and CommonJS by the files' endings. */
const resolutions = [
  { module: 'node16', moduleResolution: 'node16', files: ['app.mts', 'app.cts'] },
  { module: 'nodenext', moduleResolution: 'nodenext', files: ['app.mts', 'app.cts'] },
  { module: 'esnext', moduleResolution: 'bundler', files: ['app.ts'] },
] as const;

let out: string;
let packed: readonly PackedPackage[];

beforeAll(async () => {
  out = await mkdtemp(join(await realpath(tmpdir()), 'qbitflow-packed-'));
  const names = [...sound, ...lenient].flatMap(({ ours }) => ours);
  packed = await packAll(['core', ...new Set(names)], out);
}, 60_000);

afterAll(async () => {
  await rm(out, { recursive: true, force: true });
});

interface InstalledApp {
  readonly name: string;
  readonly folder: string;
}

async function install({ name, ours, text, versions }: App): Promise<InstalledApp> {
  const names = new Set(['core', ...ours].map((own) => `@qbitflow/${own}`));
  const packages = packed.filter(({ manifest }) => names.has(manifest.name));
  const folder = await installApp(packages, { ...versions, '@types/node': '@types/node' });
  for (const file of ['app.mts', 'app.cts', 'app.ts'])
    await writeFile(join(folder, file), text + PLANTED);
  return { name, folder: await realpath(folder) };
}

type Resolution = (typeof resolutions)[number];

/**
 * Checks the libraries' own declarations too. Resolves with the complaints, where they are about an app or what is
 * installed for it below its name. One program has all apps in it, each with the packages of its own `node_modules`:
 * tsc reads for seconds what they have in common.
 */
async function complaints(
  apps: readonly App[],
  { files, ...resolution }: Resolution,
): Promise<readonly string[]> {
  const installed: InstalledApp[] = [];
  for (const app of apps) installed.push(await install(app));
  const [{ folder: first } = { folder: out }] = installed;
  const compilerOptions = {
    ...resolution,
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    target: 'es2022',
    lib: ['es2023'],
    typeRoots: [join(first, 'node_modules', '@types')],
    types: ['node'],
    experimentalDecorators: true,
  };
  const everyFile = installed.flatMap(({ folder }) => files.map((file) => join(folder, file)));
  await writeFile(
    join(out, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: everyFile }),
  );
  return (await compile(out)).map((line) => named(line, installed));
}

/** The complaint with its file as the app sees it, after the app's name. */
function named(line: string, installed: readonly InstalledApp[]): string {
  const [file = ''] = line.split('(');
  const place = resolve(out, file);
  const app = installed.find(({ folder }) => !relative(join(folder, '..'), place).startsWith('..'));
  if (app === undefined) return line;
  const seen = relative(join(app.folder, '..'), place);
  return `${app.name}: ${seen}${line.slice(file.length)}`;
}

async function compile(folder: string): Promise<readonly string[]> {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  try {
    await run(process.execPath, [tsc, '-p', '.'], { cwd: folder, maxBuffer: Infinity });
    return [];
  } catch (error) {
    const { stdout } = error as { readonly stdout: string };
    return stdout.trim().split('\n');
  }
}

/** Nest 12 has no CommonJS, which TypeScript's `node16` (TS1479) lets no CommonJS import. */
function aboutOurs(found: readonly string[], { module }: Resolution): readonly string[] {
  const isOurs = /^[^:]+: (?:app\/app\.|[^(]*@qbitflow\/)|^error /;
  return found.filter(
    (line) => isOurs.test(line) && !(module === 'node16' && line.includes('TS1479')),
  );
}

const planted = (apps: readonly App[], { files }: Resolution): readonly string[] =>
  apps.flatMap(({ name }) => files.map((file) => `${name}: app/${file}`)).toSorted();

/** Complaints, of which those about what is planted have no more than their file. */
const seen = (found: readonly string[]): readonly string[] =>
  found.map((line) => line.replace(/\(.*'number' is not.*'string'.*/, '')).toSorted();

describe('the packed types, without skipLibCheck', { timeout: 120_000 }, () => {
  it.each(resolutions)(
    'hold beside express, koa and in stores, modules resolved as $module',
    async (resolution) => {
      const found = await complaints(sound, resolution);
      expect(seen(found)).toEqual(planted(sound, resolution));
    },
  );

  it.each(resolutions)(
    'hold beside fastify, hono and nest, modules resolved as $module',
    async (resolution) => {
      const found = aboutOurs(await complaints(lenient, resolution), resolution);
      expect(seen(found)).toEqual(planted(lenient, resolution));
    },
  );
});
