// Builds the package in the current directory with the TypeScript compiler alone: dist/esm and dist/cjs,
// each with its own declarations, so both `import` and `require` resolve to matching code and types.
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const tsc = join(dirname(fileURLToPath(import.meta.url)), '../node_modules/typescript/bin/tsc');
const passes = [
  ['tsconfig.build.json', 'esm', 'module'],
  ['tsconfig.build.cjs.json', 'cjs', 'commonjs'],
];

rmSync('dist', { recursive: true, force: true });
for (const [project, out, type] of passes) {
  const result = spawnSync(process.execPath, [tsc, '-p', project], { stdio: 'inherit' });
  if (result.status !== 0) process.exit(result.status ?? 1);
  writeFileSync(join('dist', out, 'package.json'), `${JSON.stringify({ type })}\n`);
}
