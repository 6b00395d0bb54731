// The command as merchants run it: built, in a process of its own, in a project's folder.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createQBitFlow, systemClock, toNodeHandler } from '@qbitflow/core';
import { startSandbox } from '@qbitflow/sandbox';
import { sqliteStore } from '@qbitflow/store-sqlite';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { serve } from '../../packages/core/test/support/serve.js';
import { type Api, SECRET, startApi } from './doctor-shop.js';

const CLI = fileURLToPath(new URL('../../packages/core/dist/esm/cli.js', import.meta.url));
const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const built = existsSync(CLI);

let api: Api;
beforeAll(async () => {
  api = await startApi();
});

async function qbitflow(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: PROJECT,
    env: { ...process.env, ...env },
  });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  const [code] = await once(child, 'close');
  return { code, ...said };
}

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'qbitflow-command-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A shop on a SQLite file, whose minutes are moments: its worker says soon that it is there. */
async function startShop(file: string): Promise<string> {
  const store = sqliteStore(file);
  const after: typeof systemClock.after = (ms, callback, options) =>
    systemClock.after(ms / 100, callback, options);
  let url = '';
  url = await serve((request, response) => handle(request, response));
  const kit = createQBitFlow({
    store,
    webhookSecret: SECRET,
    mode: 'test',
    publicUrl: url,
    logger: false,
    holder: 'web-1:4711',
    clock: { ...systemClock, after },
  });
  kit.onAny(() => undefined);
  const handle = toNodeHandler(kit);
  onTestFinished(async () => kit.close());
  await kit.start();
  while ((await store.notes?.('activity/process/'))?.length === 0) await pause(20);
  return url;
}

test.skipIf(!built)('a set-up in which all is well, for people and for programs', async () => {
  const file = join(freshFolder(), 'shop.db');
  const url = await startShop(file);
  const own = await startSandbox({ port: 0, webhookUrl: `${url}/webhook` });
  onTestFinished(own.close);
  await own.trigger('webhook.test');
  const env = {
    ...api.env,
    QBITFLOW_BASE_URL: `${own.url}/v2`,
    QBITFLOW_WEBHOOK_URL: `${url}/webhook`,
    QBITFLOW_STORE: `sqlite:${file}`,
  };
  const [people, programs] = await Promise.all([
    qbitflow(['doctor'], env),
    qbitflow(['doctor', '--json'], env),
  ]);
  const [node = '', packages = '', ...lines] = people.out.trimEnd().split('\n');
  expect(node).toBe(`ok       node      Node ${process.versions.node}`);
  expect(packages).toMatch(/^ok {7}packages {2}.*@qbitflow\/core \d\S+, @qbitflow\/express \d/);
  expect(lines).toEqual([
    `ok       baseUrl   ${own.url}/v2 answers as v2`,
    'ok       key       a test key of the space Sandbox Shop (owner)',
    "ok       clock     as the API's, to about a second",
    `ok       endpoint  QBitFlow's last event (webhook.test) was taken by ${url}/webhook`,
    'ok       secret    one signing secret, which QBitFlow signs with',
    `ok       webhook   a signed test delivery came through ${url}/webhook unchanged`,
    'ok       kit       keeps deliveries in sqlite, takes test money, and runs handlers after its answer',
    `ok       publicUrl ${url} is where the routes are mounted`,
    'ok       store     sqlite answers',
    'ok       schema    of version 4, as this package has it',
    'ok       durable   what is recorded outlives the process',
    'ok       writable  a note was written, read and taken back',
    'ok       worker    1 process runs handlers: web-1:4711',
    'ok       inbox     nothing waits, no dead letters',
    'all is well',
  ]);
  expect([people.code, people.err]).toEqual([0, '']);
  const findings = programs.out
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect([programs.code, programs.err, findings.length]).toEqual([0, '', 16]);
  expect(findings[3]).toEqual({
    check: 'key',
    status: 'ok',
    says: 'a test key of the space Sandbox Shop (owner)',
  });
});

test.skipIf(!built)('what is wrong is 1, in the same shape', async () => {
  const env = { QBITFLOW_BASE_URL: 'https://api.qbitflow.app/v3', QBITFLOW_WEBHOOK_SECRET: 'sk_a' };
  const { code, out, err } = await qbitflow(['doctor', '--json'], env);
  expect([code, err]).toEqual([1, '']);
  const findings = out
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(findings.slice(2, 5)).toEqual([
    {
      check: 'baseUrl',
      status: 'fail',
      says: 'baseUrl must be an http(s) URL that ends in /v1 or /v2, e.g. https://api.qbitflow.app/v2',
      cure: 'leave QBITFLOW_BASE_URL out, or set it to https://api.qbitflow.app/v2',
    },
    { check: 'key', status: 'skipped', says: 'the baseUrl must be right first' },
    {
      check: 'secret',
      status: 'fail',
      says: 'QBITFLOW_WEBHOOK_SECRET is an API key (sk_…)',
      cure: 'webhooks are signed with the signing secret of their endpoint (whsec_…): copy it from the QBitFlow dashboard',
    },
  ]);
});

test.skipIf(!built)('no command that reads makes a SQLite file', async () => {
  const folder = freshFolder();
  const file = join(folder, 'shop.db');
  const store = ['--store', `sqlite:${file}`];
  const commands = [
    ['deliveries', 'list'],
    ['deliveries', 'show', 'k'],
    ['deliveries', 'stats'],
    ['deliveries', 'replay', 'k'],
    ['deliveries', 'discard', 'k'],
  ];
  const says = `there is no file ${file}, and none was made: correct the path, or start your app once, which makes it`;
  const ends = await Promise.all(commands.map(async (command) => qbitflow([...command, ...store])));
  for (const { code, out, err } of ends)
    expect([code, out, err]).toEqual([1, '', `qbitflow: ${says}\n`]);
  const { code, out } = await qbitflow(['doctor', ...store], {
    QBITFLOW_BASE_URL: `${api.url}/v2`,
  });
  expect([code, out.split('\n').at(-3)]).toEqual([1, `fail     store     ${says}`]);
  expect(readdirSync(folder)).toEqual([]);
});
