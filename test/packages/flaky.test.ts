import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { artefactsOf, runTests } from '../../scripts/flaky.mjs';

const TIMEOUT_MS = 120_000;

const root = join(import.meta.dirname, '../..');
const quoted = (...path: string[]): string => JSON.stringify(join(...path));

const PASSES = `test('passes', () => {});`;
const BREAKS = `test('breaks', () => { throw new Error('as always'); });`;
/** Fails when it is run for the first time. */
const STUMBLES = `
  import { existsSync, writeFileSync } from 'node:fs';
  test('stumbles', () => {
    const marker = import.meta.filename + '.ran';
    if (existsSync(marker)) return;
    writeFileSync(marker, '');
    throw new Error('only once');
  });`;
const LEAKS = `test('leaks', () => { setTimeout(() => { throw new Error('caught by nobody'); }); });
  test('waits', () => new Promise((end) => setTimeout(end, 100)));`;

/** Runs test files as a build machine does; gives the exit code, what was said, and the results that are kept. */
async function runOnCi(files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'qbitflow-flaky-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  for (const [name, source] of Object.entries(files))
    await writeFile(join(folder, `${name}.test.mjs`), source);
  await writeFile(
    join(folder, 'run.mjs'),
    `import { startVitest } from ${quoted(root, 'node_modules/vitest/dist/node.js')};
     import FailuresReporter from ${quoted(root, 'scripts/failures-reporter.mjs')};
     import { artefactsOf } from ${quoted(root, 'scripts/flaky.mjs')};
     const { results, failures } = artefactsOf(${quoted(folder)}, '20', process.env.VITEST_RUN);
     const reporters = [new FailuresReporter({ outputFile: failures }), ['json', { outputFile: results }]];
     const files = process.argv.slice(2).filter((one) => !one.startsWith('-'));
     const vitest = await startVitest('test', files, { watch: false, globals: true, config: false, root: ${quoted(folder)}, reporters });
     await vitest.close();`,
  );
  const runs: (readonly string[])[] = [];
  const said: string[] = [];
  const code = await runTests({
    folder,
    nodeMajor: '20',
    args: [],
    say: (text) => said.push(text.replaceAll(`${folder}/`, '')),
    async vitest(args, env) {
      runs.push(args.filter((one) => !one.startsWith('-')));
      const options = { cwd: folder, env: { ...process.env, ...env }, stdio: 'ignore' } as const;
      const child = spawn(process.execPath, [join(folder, 'run.mjs'), ...args], options);
      return new Promise((resolve) => child.once('close', (exit) => resolve(exit ?? 1)));
    },
  });
  const results = await readFile(artefactsOf(folder, '20').results, 'utf8');
  return { code, said, runs: runs.length, results: JSON.parse(results) as Results };
}

interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly flaky?: readonly { readonly test: string; readonly error: string }[];
}

test(
  'a file that passes alone is flaky: it is named, and the run counts as passed',
  { timeout: TIMEOUT_MS },
  async () => {
    const { code, said, results } = await runOnCi({ steady: PASSES, shaky: STUMBLES });
    expect(code).toBe(0);
    expect(said.at(-1)).toBe('FLAKY: shaky.test.mjs – stumbles – only once');
    expect(results).toMatchObject({ numPassedTests: 2, numFailedTests: 0 });
    expect(results.flaky).toMatchObject([{ test: 'stumbles', error: 'only once' }]);
  },
);

test('a file that fails again is broken', { timeout: TIMEOUT_MS }, async () => {
  const { code, runs, results } = await runOnCi({
    steady: PASSES,
    shaky: STUMBLES,
    broken: BREAKS,
  });
  expect([code, runs]).toEqual([1, 2]);
  expect(results).toMatchObject({ numPassedTests: 1, numFailedTests: 2 });
  expect(results.flaky).toBeUndefined();
});

test(
  'a failure in many files, or outside of any test, gets no second chance',
  { timeout: TIMEOUT_MS },
  async () => {
    const many = { one: STUMBLES, two: STUMBLES, three: STUMBLES, four: STUMBLES };
    for (const files of [many, { shaky: STUMBLES, leaky: LEAKS }]) {
      const { code, runs } = await runOnCi(files);
      expect([code, runs]).toEqual([1, 1]);
    }
  },
);
