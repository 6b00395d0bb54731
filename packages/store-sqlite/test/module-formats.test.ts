import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const cwd = fileURLToPath(new URL('.', import.meta.url));
const use = `
  const store = sqliteStore(':memory:');
  store.init().then(() => store.stats()).then(({ due }) => process.stdout.write('due ' + due));`;

test.each([
  ['commonjs', `const { sqliteStore } = require('@qbitflow/store-sqlite'); ${use}`],
  ['module', `import { sqliteStore } from '@qbitflow/store-sqlite'; ${use}`],
])('the build finds a driver as %s, and nothing is printed', (type, script) => {
  const output = execFileSync(process.execPath, [`--input-type=${type}`, '-e', script], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  expect(output).toBe('due 0');
});
