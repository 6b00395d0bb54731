import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { chooseDemo, examplesIn } from '../../../scripts/demos.mjs';

const root = join(import.meta.dirname, '..', '..', '..');
const examples = examplesIn(root);
/** Two processes and a sandbox, on a machine that is busy with other tests. */
const STARTS = { timeout: 25_000 };
const startable = examples.filter(({ scripts }) => scripts?.start !== undefined);

/** A folder that is gone when the test has ended. */
async function openFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'qbitflow-demo-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts a demo's program as `npm run demo` does, on a machine with this environment. */
async function startDemo(file, args, env = {}) {
  const { DISPLAY: _x, WAYLAND_DISPLAY: _wayland, ...noScreen } = process.env;
  const child = spawn(process.execPath, [join(root, 'examples', file), ...args], {
    cwd: await openFolder(),
    env: { ...noScreen, ...env },
  });
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  return {
    output: () => output,
    url: (name) => new RegExp(`^${name} +(http://127[^/\\s]*)`, 'm').exec(output)?.[1],
    /** As a terminal and npm do it: the signal comes twice. */
    async pressCtrlC() {
      child.kill('SIGINT');
      child.kill('SIGINT');
      await exited;
      return child.exitCode;
    },
  };
}

/** A program by this name on the PATH, which keeps what it is called with in a file. */
async function programCalled(name) {
  const folder = await openFolder();
  const heard = join(folder, 'heard');
  await writeFile(join(folder, name), `#!/bin/sh\necho "$@" > ${heard}\n`);
  await chmod(join(folder, name), 0o755);
  return { path: `${folder}${delimiter}${process.env.PATH}`, heard: () => readFile(heard, 'utf8') };
}

test.each([
  [[], 'express-shop', []],
  [['--open'], 'express-shop', ['--open']],
  [['koa-shop'], 'koa-shop', []],
  [['refunds', '--open'], 'refunds', ['--open']],
])('%j starts %s', (given, name, args) => {
  expect(chooseDemo(examples, given)).toMatchObject({ demo: { name }, args });
});

test.each([['koashop'], ['custom-store'], ['koa-shop', '--opne'], ['--help']])(
  '%j starts nothing and says what exists, a line each',
  (...given) => {
    const { demo, complaint } = chooseDemo(examples, given);
    expect(demo).toBeUndefined();
    for (const { name } of examples) expect(complaint).toMatch(new RegExp(`^  ${name} +.`, 'm'));
  },
);

test('every example has a README with its commands and a place in the overview, and is short', () => {
  const folders = readdirSync(join(root, 'examples')).filter((name) => name !== 'shop-demo');
  expect(examples.map(({ name }) => name).toSorted()).toEqual(folders.toSorted());
  const overview = readFileSync(join(root, 'README.md'), 'utf8');
  for (const name of folders) expect(overview).toContain(`(examples/${name})`);
  const withReadme = folders.filter((name) =>
    existsSync(join(root, 'examples', name, 'README.md')),
  );
  expect(withReadme).toEqual(folders);
  for (const { name } of startable) {
    const folder = join(root, 'examples', name);
    const app = readdirSync(folder).filter((file) => file.endsWith('.mjs'));
    const lines = app.flatMap((file) =>
      readFileSync(join(folder, file), 'utf8').trimEnd().split('\n'),
    );
    expect(`${name}: ${lines.length < 60 ? 'short' : lines.length}`).toBe(`${name}: short`);
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain(`npm run demo -- ${name}\n`);
  }
});

test('a shop: its addresses come last, the browser is opened, Ctrl-C ends it', async () => {
  const opener = await programCalled('xdg-open');
  const machine = { DISPLAY: ':0', PATH: opener.path };
  const demo = await startDemo('koa-shop/demo.mjs', ['--open'], machine);
  await expect
    .poll(demo.output, STARTS)
    .toMatch(/\n\nshop .*\n +press “Buy”.*\nsandbox .*\n +what QBitFlow sees.*\n$/);
  const shop = demo.url('shop');
  expect((await fetch(shop)).status).toBe(200);
  expect(await opener.heard()).toBe(`${shop}\n`);
  expect(demo.output()).not.toContain('no browser');
  expect(await demo.pressCtrlC()).toBe(0);
});

test('an example beside its sandbox: a webhook triggered there is told here', async () => {
  const demo = await startDemo('shop-demo/run-example.mjs', ['two-tenants', '--open']);
  await expect
    .poll(demo.output, STARTS)
    .toMatch(/\n\nsandbox .*#switchboard\n +choose payment\.completed.*\n$/);
  expect(demo.output()).toContain('There is no browser here');
  const body = JSON.stringify({
    type: 'payment.completed',
    set: { 'data.reference': 'order-1' },
  });
  await fetch(`${demo.url('sandbox')}/sandbox/trigger`, { method: 'POST', body });
  await expect.poll(demo.output).toContain('server    tea ships order-1');
  expect(await demo.pressCtrlC()).toBe(0);
});
