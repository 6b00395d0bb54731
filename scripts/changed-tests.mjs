// Runs the tests of what changed since a revision (HEAD by default): a changed test file itself, of a changed source its
// package's. What depends on a package is left to `npm test`:
// core alone reaches nearly all of it.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const isTest = /\.test\.(ts|mjs)$/;

/** The filter for one changed file, or `undefined` where no test is its own. */
export function filterFor(path) {
  if (isTest.test(path)) return path;
  const [, owner] = /^((?:packages|examples)\/[^/]+)\//.exec(path) ?? [];
  if (owner !== undefined) return `${owner}/`;
  const [, room] = /^(test\/[^/]+)\//.exec(path) ?? [];
  return room && `${room}/`;
}

/** Each filter once, and none that another one includes. */
export function filtersFor(paths) {
  const filters = [...new Set(paths.map(filterFor).filter((filter) => filter !== undefined))];
  return filters.filter(
    (filter) => !filters.some((other) => other !== filter && filter.startsWith(other)),
  );
}

function lines(...args) {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);
}

if (import.meta.main ?? process.argv[1] === import.meta.filename) {
  const [base = 'HEAD'] = process.argv.slice(2);
  const changed = [
    ...lines('diff', '--name-only', base),
    ...lines('ls-files', '--others', '--exclude-standard'),
  ].filter((path) => !isTest.test(path) || existsSync(join(root, path)));
  const filters = filtersFor(changed);
  console.log(filters.length === 0 ? `Nothing changed since ${base}.` : filters.join('\n'));
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  if (filters.length > 0)
    process.exitCode =
      spawnSync(process.execPath, [vitest, 'run', '--passWithNoTests', ...filters], {
        cwd: root,
        stdio: 'inherit',
      }).status ?? 1;
}
