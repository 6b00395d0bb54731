import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installApp, packAll, type PackedPackage } from './support/packed.js';

const run = promisify(execFile);

/** Mounts every route, sends one delivery, and says how it was answered and what the handler was given. */
const EXPRESS = `
const kit = createQBitFlow({ webhookSecret: 'whsec_peers', processing: 'before-reply' });
kit.onAny((event) => console.log(event.type));
const server = express().use('/qbitflow', qbitflowRouter(kit)).listen(0, '127.0.0.1', send);
`;
const KOA = `
const kit = createQBitFlow({ webhookSecret: 'whsec_peers', processing: 'before-reply' });
kit.onAny((event) => console.log(event.type));
const router = new Router().use('/qbitflow', qbitflowRouter(kit).routes());
const server = new Koa().use(router.routes()).listen(0, '127.0.0.1', send);
`;
const FASTIFY = `
const kit = createQBitFlow({ webhookSecret: 'whsec_peers', processing: 'before-reply' });
kit.onAny((event) => console.log(event.type));
const app = fastify();
app.register(qbitflowPlugin, { prefix: '/qbitflow', qbitflow: kit });
const server = app.server;
app.listen({ port: 0, host: '127.0.0.1' }).then(send);
`;
const HONO = `
const kit = createQBitFlow({ webhookSecret: 'whsec_peers', processing: 'before-reply' });
kit.onAny((event) => console.log(event.type));
const app = new Hono().route('/qbitflow', qbitflowRouter(kit));
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, send);
`;
const NEST = `
const kit = createQBitFlow({ webhookSecret: 'whsec_peers', processing: 'before-reply' });
kit.onAny((event) => console.log(event.type));
class Root {}
Module({ imports: [QBitFlowModule.forRoot({ qbitflow: kit })] })(Root);
let server;
NestFactory.create(Root, { logger: false }).then(async (app) => {
  server = await app.listen(0, '127.0.0.1');
  await send();
});
`;
const SEND = `
async function send() {
  const { headers, body } = signDelivery({ version: 'v2', secret: 'whsec_peers', body: fixtures.v2['payment.completed']() });
  const url = 'http://127.0.0.1:' + server.address().port + '/qbitflow/webhook';
  const answer = await fetch(url, { method: 'POST', headers, body });
  console.log(answer.status);
  await kit.close();
  server.close();
  server.closeAllConnections();
}
`;

const CORE_NAMES = '{ createQBitFlow }';
const TESTING_NAMES = '{ fixtures, signDelivery }';

const expressApp = {
  esm: `import express from 'express';
import { qbitflowRouter } from '@qbitflow/express';${EXPRESS}`,
  cjs: `const express = require('express');
const { qbitflowRouter } = require('@qbitflow/express');${EXPRESS}`,
};
const koaApp = {
  esm: `import Koa from 'koa';
import Router from '@koa/router';
import { qbitflowRouter } from '@qbitflow/koa';${KOA}`,
  cjs: `const Koa = require('koa');
const koaRouter = require('@koa/router');
const Router = koaRouter.Router ?? koaRouter;
const { qbitflowRouter } = require('@qbitflow/koa');${KOA}`,
};

const fastifyApp = {
  esm: `import fastify from 'fastify';
import { qbitflowPlugin } from '@qbitflow/fastify';${FASTIFY}`,
  cjs: `const fastify = require('fastify');
const { qbitflowPlugin } = require('@qbitflow/fastify');${FASTIFY}`,
};
const honoApp = {
  esm: `import { Hono } from 'hono';
import { serve } from '@hono/node-server';
import { qbitflowRouter } from '@qbitflow/hono';${HONO}`,
  cjs: `const { Hono } = require('hono');
const { serve } = require('@hono/node-server');
const { qbitflowRouter } = require('@qbitflow/hono');${HONO}`,
};
const nestApp = {
  esm: `import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { QBitFlowModule } from '@qbitflow/nest';${NEST}`,
  cjs: `require('reflect-metadata');
const { Module } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { QBitFlowModule } = require('@qbitflow/nest');${NEST}`,
};

/** Every major of every peer, the oldest that is allowed among them. */
const expresses = [
  ['express 4.17', { express: 'express417' }],
  ['express 4', { express: 'express4' }],
  ['express 5', { express: 'express' }],
] as const;
const koas = [
  ['koa 2.13 and @koa/router 12', { koa: 'koa213', '@koa/router': 'koa-router12' }],
  ['koa 2 and @koa/router 13', { koa: 'koa2', '@koa/router': 'koa-router13' }],
  ['koa 3 and @koa/router 14', { koa: 'koa', '@koa/router': 'koa-router14' }],
  ['koa 3 and @koa/router 15.0', { koa: 'koa', '@koa/router': 'koa-router15' }],
  ['koa 3 and @koa/router 15', { koa: 'koa', '@koa/router': '@koa/router' }],
] as const;

const fastifies = [
  ['fastify 4.0', { fastify: 'fastify40' }],
  ['fastify 4', { fastify: 'fastify4' }],
  ['fastify 5', { fastify: 'fastify' }],
] as const;
const honos = [
  ['hono 4.0', { hono: 'hono40' }],
  ['hono 4', { hono: 'hono' }],
] as const;
/** Nest's packages are each other's peers: those of an older major are installed together, in a folder of their own. */
const NEST_PEERS = ['@nestjs/common', '@nestjs/core', '@nestjs/platform-express'];
const nestIn = (modules: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...NEST_PEERS, 'reflect-metadata', 'rxjs'].map((name) => [name, modules + name]),
  );
const nests = [
  ['nest 10.0', nestIn('../../packages/nest/test/nest10/node_modules/')],
  ['nest 11', nestIn('../../packages/nest/test/nest11/node_modules/')],
  ['nest 12', nestIn('')],
] as const;

let out: string;
let packed: readonly PackedPackage[];

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'qbitflow-packed-'));
  packed = await packAll(['core', 'express', 'fastify', 'hono', 'koa', 'nest'], out);
}, 60_000);

afterAll(async () => {
  await rm(out, { recursive: true, force: true });
});

const only = (...names: readonly string[]): readonly PackedPackage[] =>
  packed.filter(({ manifest }) => names.includes(manifest.name));

async function tryOut(app: string, { esm, cjs }: typeof koaApp): Promise<readonly string[]> {
  const esmImports = `import ${CORE_NAMES} from '@qbitflow/core';
import ${TESTING_NAMES} from '@qbitflow/core/testing';
`;
  const cjsImports = `const ${CORE_NAMES} = require('@qbitflow/core');
const ${TESTING_NAMES} = require('@qbitflow/core/testing');
`;
  await writeFile(join(app, 'app.mjs'), esmImports + esm + SEND);
  await writeFile(join(app, 'app.cjs'), cjsImports + cjs + SEND);
  const started = ['app.mjs', 'app.cjs'].map((file) => run(process.execPath, [file], { cwd: app }));
  const ended = await Promise.all(started);
  return ended.map(({ stdout }) => stdout.trim().split('\n').join(', '));
}

describe('the packed adapters, as ESM and as CommonJS', () => {
  it.each(expresses)('take a delivery beside %s', { timeout: 60_000 }, async (_name, versions) => {
    const app = await installApp(only('@qbitflow/core', '@qbitflow/express'), versions);
    expect(await tryOut(app, expressApp)).toEqual(Array(2).fill('payment.completed, 200'));
  });

  it.each(koas)('take a delivery beside %s', { timeout: 60_000 }, async (_name, versions) => {
    const app = await installApp(only('@qbitflow/core', '@qbitflow/koa'), versions);
    expect(await tryOut(app, koaApp)).toEqual(Array(2).fill('payment.completed, 200'));
  });

  it.each(fastifies)('take a delivery beside %s', { timeout: 60_000 }, async (_name, versions) => {
    const app = await installApp(only('@qbitflow/core', '@qbitflow/fastify'), versions);
    expect(await tryOut(app, fastifyApp)).toEqual(Array(2).fill('payment.completed, 200'));
  });

  it.each(honos)('take a delivery beside %s', { timeout: 60_000 }, async (_name, versions) => {
    const aliases = { ...versions, '@hono/node-server': '@hono/node-server' };
    const app = await installApp(only('@qbitflow/core', '@qbitflow/hono'), aliases);
    expect(await tryOut(app, honoApp)).toEqual(Array(2).fill('payment.completed, 200'));
  });

  it.each(nests)('take a delivery beside %s', { timeout: 60_000 }, async (_name, versions) => {
    const app = await installApp(only('@qbitflow/core', '@qbitflow/nest'), versions);
    expect(await tryOut(app, nestApp)).toEqual(Array(2).fill('payment.completed, 200'));
  });

  it('name every major they were tried with as a peer, and no other', () => {
    const ranges = packed.map(({ manifest: { peerDependencies = {} } }) => peerDependencies);
    const majorsOf = (name: string): readonly string[] =>
      ranges.flatMap((peers) => peers[name]?.match(/(?<=\^)\d+/g) ?? []);
    expect(majorsOf('express')).toEqual(['4', '5']);
    expect(majorsOf('koa')).toEqual(['2', '3']);
    expect(majorsOf('fastify')).toEqual(['4', '5']);
    expect(majorsOf('hono')).toEqual(['4']);
    expect(majorsOf('@nestjs/common')).toEqual(['10', '11', '12']);
    expect(majorsOf('@nestjs/core')).toEqual(['10', '11', '12']);
    expect(majorsOf('@koa/router')).toEqual(['12', '13', '14', '15']);
  });
});
