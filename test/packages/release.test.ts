import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { root } from './tree.js';

const run = promisify(execFile);
const script = join(root, 'scripts', 'rehearse-release.mjs');

// Four installs, each of a hundred packages from a registry that has just been started.
test(
  'what would be released is installed by npm, pnpm and yarn, and something is bought with it',
  { timeout: 600_000 },
  async () => {
    const installers = ['npm', 'pnpm', 'yarn', 'pnp'];
    const { stdout } = await run(process.execPath, [script, '--with', installers.join(',')]);
    expect(stdout).toMatch(/^\d+ packages published here, installed with npm, pnpm, yarn, pnp/);
  },
);

test('an installer that nobody knows is named', async () => {
  await expect(run(process.execPath, [script, '--with', 'bower'])).rejects.toThrow(
    'unknown installer: bower. Known: npm, pnpm, yarn, pnp',
  );
});
