// Tells flaky from broken on a build machine: a few files that failed among all the others are run once more, alone.
// When they pass then, the run counts as passed, and each of them is named. A failure in many files is no accident.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** In how many files at most a failure may be an accident. */
const MOST_FILES = 3;

/** Where vitest.config.ts has a run written down: its results, and who failed. */
export function artefactsOf(folder, nodeMajor, run = '') {
  const name = `vitest-node${nodeMajor}${run === '' ? '' : `-${run}`}`;
  return { results: join(folder, `${name}.json`), failures: join(folder, `failures-${name}.json`) };
}

/**
 * Runs the tests with `vitest(args, env)`, which resolves to the exit code, and the files that failed once more. Resolves
 * to the exit code of it all. Flaky files are named by `say`, and in the results under `flaky`.
 */
export async function runTests({ vitest, args, folder, nodeMajor, say }) {
  const first = artefactsOf(folder, nodeMajor);
  const again = artefactsOf(folder, nodeMajor, 'again');
  for (const file of [...Object.values(first), ...Object.values(again)])
    rmSync(file, { force: true });

  const code = await vitest(args, {});
  const failures = code === 0 ? [] : accidents(first.failures);
  if (failures.length === 0) return code;

  const files = failures.map(({ file }) => file);
  say(`once more, alone, since a failure in so few files may be an accident: ${files.join(', ')}`);
  // All of them, whichever part of the files the first run was for.
  const options = args.filter((one) => one.startsWith('-') && !one.startsWith('--shard='));
  const alone = ['--no-file-parallelism', ...files, ...options];
  if ((await vitest(alone, { VITEST_RUN: 'again' })) !== 0) return code;

  writeFileSync(first.results, JSON.stringify(merged(first.results, again.results, failures)));
  for (const { file, test, error } of failures) say(`FLAKY: ${file} – ${test} – ${error}`);
  return 0;
}

/** The failures that another run may clear up; none where there are many, or something else went wrong. */
function accidents(file) {
  if (!existsSync(file)) return []; // the run was cut short
  const { failures, unhandled } = readJson(file);
  return unhandled.length === 0 && failures.length <= MOST_FILES ? failures : [];
}

/** The results of the first run, with those of the second in place of what it ran again. */
function merged(first, again, flaky) {
  const before = readJson(first);
  const after = new Map(readJson(again).testResults.map((file) => [file.name, file]));
  const testResults = before.testResults.map((file) => after.get(file.name) ?? file);
  const tests = testResults.flatMap((file) => file.assertionResults);
  const count = (status) => tests.filter((test) => test.status === status).length;
  return {
    ...before,
    success: true,
    testResults,
    numFailedTests: count('failed'),
    numPassedTests: count('passed'),
    numFailedTestSuites: 0,
    flaky,
  };
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
