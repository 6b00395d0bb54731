import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const dist = fileURLToPath(new URL('../../dist/esm', import.meta.url));
const built = existsSync(join(dist, 'cli.js'));

/** A project whose store is the built package's memory store, with one dead letter in it. */
function openProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'qbitflow-cli-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const core = JSON.stringify(pathToFileURL(join(dist, 'index.js')).href);
  const delivery = `{ key: 'k', subject: 's', id: 'i', type: 't', version: 'v2', source: 'webhook',
    raw: Buffer.from('{}'), headers: {}, receivedAt: 0, dead: 'unreadable' }`;
  writeFileSync(
    join(folder, 'store.mjs'),
    `import { memoryStore } from ${core};\nexport const store = memoryStore();\nawait store.record(${delivery});\n`,
  );
  return folder;
}

function qbitflow(cwd: string, ...args: readonly string[]) {
  // Without NODE_PATH, in which a package manager's runner offers packages the project does not have.
  const { NODE_PATH: _hoisted, ...inherited } = process.env;
  const env = { ...inherited, QBITFLOW_STORE: './store.mjs' };
  const command = [join(dist, 'cli.js'), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd,
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test.skipIf(!built)('the built command writes to stdout and ends with its code', () => {
  const folder = openProject();
  expect(qbitflow(folder, 'deliveries', 'replay', 'k')).toEqual({
    status: 0,
    stdout: 'k replayed\n',
    stderr: '',
  });
});

test.skipIf(!built)('it knows its version', () => {
  const manifest = readFileSync(join(dist, '..', '..', 'package.json'), 'utf8');
  expect(qbitflow(openProject(), '--version')).toEqual({
    status: 0,
    stdout: `${JSON.parse(manifest).version}\n`,
    stderr: '',
  });
});

test.skipIf(!built)('what was not done is said on stderr, with a code that is not 0', () => {
  const folder = openProject();
  const other = qbitflow(folder, 'deliveries', 'replay', 'other');
  expect(other).toEqual({
    status: 1,
    stdout: '',
    stderr: 'other is no dead letter, nothing was replayed\n',
  });
  for (const wrong of [['deliveries'], ['deliveries', 'list', '--colour', 'red'], ['recover']]) {
    const { status, stdout, stderr } = qbitflow(folder, ...wrong);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^qbitflow (?:deliveries|recover).* --help\)\n$/);
  }
});

const METHODS = 'takeDue() {}, close() {}';

test.skipIf(!built).each<[string, string, string]>([
  ['cannot be loaded', `import 'nowhere-to-be-found';`, 'nowhere-to-be-found'],
  [
    'fails long after it was asked',
    `setTimeout(() => { throw new Error('the socket died'); }, 50);
     setInterval(() => undefined, 1_000);
     export const store = { ${METHODS}, list: () => new Promise(() => undefined) };`,
    'the socket died',
  ],
  [
    'is away, in an error without a message',
    `export const store = { ${METHODS}, list: async () => {
       throw Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' }); } };`,
    'ECONNREFUSED',
  ],
  [
    'throws no error at all',
    `export const store = { ${METHODS}, list: async () => { throw Object.create(null); } };`,
    'a value that is not an Error was thrown',
  ],
  [
    'names its password',
    `export const store = { ${METHODS}, list: async () => {
       throw new Error('no route', { cause: new Error('tried db://me:private@127.0.0.1/shop') }); } };`,
    'no route (tried db://…@127.0.0.1/shop)',
  ],
  [
    'leaves something open',
    `setInterval(() => undefined, 1_000);
     export const store = { ${METHODS}, list: async () => { throw new Error('away'); } };`,
    'away',
  ],
])(
  'a store that %s is no success: one line on stderr, and the command ends',
  (_name, module, why) => {
    const folder = openProject();
    writeFileSync(join(folder, 'bad.mjs'), module);
    const { status, stdout, stderr } = qbitflow(folder, 'deliveries', 'list', '--store', 'bad.mjs');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^qbitflow: .*\n$/);
    expect(stderr).toContain(why);
    expect(stderr).not.toContain('private');
  },
);

test.skipIf(!built)('a store that leaves something open does not hold the command', () => {
  const folder = openProject();
  writeFileSync(
    join(folder, 'open.mjs'),
    `setInterval(() => undefined, 1_000);
     export const store = { ${METHODS}, list: async () => ({ items: [] }) };`,
  );
  expect(qbitflow(folder, 'deliveries', 'list', '--store', 'open.mjs')).toEqual({
    status: 0,
    stdout: '',
    stderr: 'there are no deliveries in this store\n',
  });
});

test.skipIf(!built)('a kind of store nobody knows is refused without its password', () => {
  const spec = 'mysql://me:private@127.0.0.1/shop';
  const { status, stderr } = qbitflow(openProject(), 'deliveries', 'list', '--store', spec);
  expect(status).toBe(1);
  expect(stderr).toContain('mysql gives no durable store: use sqlite:<file>');
  expect(stderr).not.toContain('private');
});

test.skipIf(!built).each([
  ['sqlite:inbox.db', '@qbitflow/store-sqlite'],
  ['postgresql://127.0.0.1/shop', '@qbitflow/store-postgres'],
  ['rediss://127.0.0.1', '@qbitflow/store-redis'],
])('%s without its package is one line on stderr that says what to install', (spec, name) => {
  const folder = openProject();
  const result = qbitflow(folder, 'deliveries', 'list', '--store', spec);
  const cure = 'install it there, or run the command in the project that uses it';
  expect(result).toEqual({
    status: 1,
    stdout: '',
    stderr: `qbitflow: ${name} is not installed in ${folder}: ${cure}\n`,
  });
});
