import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const PACKAGE = join(import.meta.dirname, '..', '..');
const SCRIPT = join(PACKAGE, 'test', 'support', 'driver-installed-later.mjs');

interface Outcome {
  readonly without: readonly unknown[];
  readonly afterwards: readonly unknown[];
}

/** A copy of the package beside which no driver is installed. */
async function copyWithoutDriver(): Promise<string> {
  const root = await mkdtemp(join(await realpath(tmpdir()), 'without-pg-'));
  onTestFinished(async () => rm(root, { recursive: true, force: true }));
  const scope = join('node_modules', '@qbitflow');
  await mkdir(join(root, scope), { recursive: true });
  await cp(join(PACKAGE, 'src'), join(root, 'src'), { recursive: true });
  await cp(join(PACKAGE, 'package.json'), join(root, 'package.json'));
  await symlink(await realpath(join(PACKAGE, scope, 'core')), join(root, scope, 'core'));
  return root;
}

test('without the pg package an address cannot be used: each call says what to install, until it is', async () => {
  const driver = await realpath(join(PACKAGE, 'node_modules', 'pg'));
  const args = [SCRIPT, await copyWithoutDriver(), driver];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { without, afterwards } = JSON.parse(stdout) as Outcome;
  const missing = {
    code: 'misconfigured',
    message: expect.stringContaining('npm install pg'),
    hasCause: true,
  };
  expect(without).toEqual([missing, missing]);
  // Nothing listens at the address: by then there is a driver that says so.
  const refused = expect.objectContaining({
    code: 'store_unavailable',
    message: expect.stringContaining('ECONNREFUSED'),
  });
  expect(afterwards).toEqual([refused, refused]);
  expect(stdout).not.toContain('hunter2');
}, 120_000);
