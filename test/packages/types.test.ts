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

/** How a project may resolve modules, each for what it writes: ESM and CommonJS by the files' endings. */
const projects = [
  { module: 'node16', moduleResolution: 'node16', files: ['app.mts', 'app.cts'] },
  { module: 'nodenext', moduleResolution: 'nodenext', files: ['app.mts', 'app.cts'] },
  { module: 'esnext', moduleResolution: 'bundler', files: ['app.ts'] },
] as const;

let out: string;
let packed: readonly PackedPackage[];

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'qbitflow-packed-'));
  packed = await packAll(
    ['core', 'express', 'koa', 'store-postgres', 'store-redis', 'store-sqlite'],
    out,
  );
}, 60_000);

afterAll(async () => {
  await rm(out, { recursive: true, force: true });
});

/** Checks the libraries' own declarations too; resolves with the complaints. */
async function complaints(app: string, text: string): Promise<readonly string[]> {
  for (const file of ['app.mts', 'app.cts', 'app.ts']) await writeFile(join(app, file), text);
  const found: string[] = [];
  for (const { files, ...resolution } of projects) {
    const rules = { strict: true, skipLibCheck: false, noEmit: true, target: 'es2022' };
    const compilerOptions = { ...resolution, ...rules, lib: ['es2023'], types: ['node'] };
    await writeFile(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    found.push(...(await compile(app)).map((line) => `${resolution.module}: ${line}`));
  }
  return found;
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

  it('hold for the stores, without any client installed', { timeout: 120_000 }, async () => {
    const ours = packed.filter(({ manifest }) => !/express|koa/.test(manifest.name));
    expect(await complaints(await installApp(ours, node), STORES)).toEqual([]);
  });
});
