import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const dist = fileURLToPath(new URL('../../dist/esm/', import.meta.url));
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
  const other = qbitflow(folder, 'deliveries', 'replay', 'other');
  expect(other).toMatchObject({ status: 1, stderr: '' });
  expect(qbitflow(folder, 'deliveries')).toMatchObject({ status: 2, stderr: '' });
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
