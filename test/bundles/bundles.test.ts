import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const run = promisify(execFile);
const TIMEOUT_MS = 120_000;

const bundlers = ['esbuild', 'esbuild, one CommonJS file', 'rolldown', 'rollup', 'webpack', 'ncc'];

test.each(bundlers)('what %s makes of the kit runs', { timeout: TIMEOUT_MS }, async (bundler) => {
  const folder = await mkdtemp(join(tmpdir(), 'qbitflow-bundle-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const input = join(import.meta.dirname, 'app.mjs');
  const script = join(import.meta.dirname, 'bundle.mjs');
  const bundled = await run(process.execPath, [script, bundler, input, folder]);
  // Far from this checkout: what was not bundled is not found.
  const { stdout } = await run(process.execPath, [bundled.stdout.trim()], { cwd: folder });
  expect(stdout.trim().split('\n')).toEqual([
    'payment.completed',
    '200',
    'subscription.created',
    '200',
    '400 text/html; charset=utf-8',
  ]);
});
