import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkPackages } from '../../packages/core/src/cli/doctor/check-packages.js';
import { lineOf } from '../../packages/core/src/cli/doctor/finding.js';
import { readSetUp } from '../../packages/core/src/cli/doctor/set-up.js';
import { isInRange } from '../../packages/core/src/cli/doctor/version-range.js';
import { systemClock } from '@qbitflow/core';

type Manifest = Readonly<Record<string, unknown>>;

/** A project with these packages in its node_modules; resolves with what is said of it. */
function linesFor(
  files: Readonly<Record<string, Manifest>>,
  { nodeVersion = '20.19.0', links = {} }: Options = {},
): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'qbitflow-packages-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  for (const [path, manifest] of Object.entries(files)) {
    const file = join(folder, path, 'package.json');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(manifest));
  }
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(join(folder, target), join(folder, path));
  }
  const sources = { folder, env: {}, flags: {}, clock: systemClock, fetch, nodeVersion };
  return [...checkPackages(readSetUp(sources))].map((finding) =>
    lineOf(finding).replace(folder, '~'),
  );
}

interface Options {
  readonly nodeVersion?: string;
  readonly links?: Readonly<Record<string, string>>;
}

const project = (...names: readonly string[]): Manifest => ({
  dependencies: Object.fromEntries(names.map((name) => [`@qbitflow/${name}`, '^1.0.0'])),
});
const core = { version: '1.0.0', engines: { node: '^20.19.0 || >=22.12.0' } };
const adapter = { version: '1.0.0', peerDependencies: { express: '^4.17.0 || ^5.0.0' } };
const NODE = 'ok       node      Node 20.19.0';

test('packages that fit each other, and what stands beside them', () => {
  expect(
    linesFor({
      '.': project('core', 'express'),
      'node_modules/@qbitflow/core': core,
      'node_modules/@qbitflow/express': adapter,
      'node_modules/express': { version: '5.1.0' },
    }),
  ).toEqual([NODE, 'ok       packages  @qbitflow/core 1.0.0, @qbitflow/express 1.0.0']);
});

test.each([
  [
    '18.20.4',
    'fail     node      Node 18.20.4, and the kit runs on ^20.19.0 || >=22.12.0: use a newer Node',
  ],
  [
    '20.18.3',
    'fail     node      Node 20.18.3, and the kit runs on ^20.19.0 || >=22.12.0: use a newer Node',
  ],
  ['22.12.0', 'ok       node      Node 22.12.0'],
  ['26.1.0', 'ok       node      Node 26.1.0'],
])('Node %s', (nodeVersion, line) => {
  const files = { '.': project('core'), 'node_modules/@qbitflow/core': core };
  expect(linesFor(files, { nodeVersion })[0]).toBe(line);
});

test('a framework that does not fit, found where the adapter finds it', () => {
  const line =
    'fail     packages  express 3.0.0 beside @qbitflow/express, which works with ^4.17.0 || ^5.0.0: install express in that range';
  const files = { '.': project('express'), 'node_modules/@qbitflow/express': adapter };
  expect(linesFor({ ...files, 'node_modules/express': { version: '3.0.0' } })).toEqual([
    NODE,
    line,
  ]);
  // As pnpm does it: the adapter is a link, and its own express beside where it really is.
  const real = 'node_modules/.pnpm/a/node_modules';
  expect(
    linesFor(
      {
        '.': project('express'),
        [`${real}/@qbitflow/express`]: adapter,
        [`${real}/express`]: { version: '3.0.0' },
        'node_modules/express': { version: '5.0.0' },
      },
      { links: { 'node_modules/@qbitflow/express': `${real}/@qbitflow/express` } },
    ),
  ).toEqual([NODE, line]);
});

test('packages of different releases, and one that is not installed', () => {
  expect(
    linesFor({
      '.': project('core', 'express', 'store-redis'),
      'node_modules/@qbitflow/core': core,
      'node_modules/@qbitflow/express': { ...adapter, version: '0.9.0' },
    }),
  ).toEqual([
    NODE,
    'fail     packages  @qbitflow/store-redis is in package.json and not installed: install (npm install)',
    'warn     packages  of different versions: @qbitflow/core 1.0.0, @qbitflow/express 0.9.0: they are made for each other: update them together',
  ]);
});

test.each([
  ['a folder without a project', {}],
  ['a project without the kit', { '.': { dependencies: { express: '^5.0.0' } } }],
  ['a manifest that is none', { '.': { dependencies: ['@qbitflow/core'] } }],
])('%s', (_what, files) => {
  expect(linesFor(files)).toEqual([
    NODE,
    "skipped  packages  no @qbitflow package in ~/package.json: run it in your app's folder",
  ]);
});

test.each<[string, string, boolean | undefined]>([
  ['4.17.0', '^4.17.0 || ^5.0.0', true],
  ['4.16.9', '^4.17.0 || ^5.0.0', false],
  ['6.0.0', '^4.17.0 || ^5.0.0', false],
  ['0.4.9', '~0.4.0', true],
  ['0.5.0', '~0.4.0', false],
  ['0.4.2', '^0.4.0', true],
  ['0.5.0', '^0.4.0', false],
  ['0.0.3', '^0.0.3', true],
  ['0.0.4', '^0.0.3', false],
  ['22.11.9', '>=22.12.0', false],
  ['23.0.0', '>=22.12', true],
  ['5.0.0-beta.1', '^5.0.0', true],
  ['5.0.0', '5.0.0', true],
  ['5.0.1', '5.0.0', false],
  ['5.0.0', '1.x || *', undefined],
  ['next', '^5.0.0', undefined],
])('%s in %s: %s', (version, range, answer) => {
  expect(isInRange(version, range)).toBe(answer);
});
