import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The exactly-once example of the README, word for word but for its imports, as a function of what it uses. */
export function readmeExample() {
  const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
  const [, section = ''] = readme.split('## Exactly once');
  const [, code = ''] = /```(?:js|ts)\n([^]*?)```/.exec(section) ?? [];
  const body = code.replaceAll(/^import .*\n/gm, '');
  if (!body.includes('withTransaction(context')) throw new Error('the README has no such example');
  // oxlint-disable-next-line typescript/no-implied-eval, no-new-func -- our own README
  return new Function('qbitflow', 'withTransaction', body);
}
