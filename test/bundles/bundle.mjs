// Bundles an app with one of the bundlers that merchants use, as they would: `node bundle.mjs <bundler> <input> <folder>`.
// Prints the file to run.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import commonjs from '@rollup/plugin-commonjs';
import json from '@rollup/plugin-json';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import ncc from '@vercel/ncc';
import { build } from 'esbuild';
import { rolldown } from 'rolldown';
import { rollup } from 'rollup';
import webpack from 'webpack';

// What CommonJS libraries ask for in an ES module of the bundler's.
const REQUIRE = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`;

const bundlers = {
  async esbuild(input, folder) {
    const format = { bundle: true, minify: true, platform: 'node', format: 'esm' };
    const banner = { js: REQUIRE };
    await build({
      ...format,
      entryPoints: [input],
      splitting: true,
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      banner,
    });
    return 'app.mjs';
  },
  async 'esbuild, one CommonJS file'(input, folder) {
    const outfile = join(folder, 'app.cjs');
    await build({
      entryPoints: [input],
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'cjs',
      outfile,
    });
    return 'app.cjs';
  },
  async rolldown(input, folder) {
    const bundle = await rolldown({ input, platform: 'node' });
    await bundle.write({ dir: folder, format: 'esm', minify: true, entryFileNames: '[name].mjs' });
    await bundle.close();
    return 'app.mjs';
  },
  async rollup(input, folder) {
    const plugins = [nodeResolve({ preferBuiltins: true }), commonjs(), json()];
    const bundle = await rollup({ input, plugins, onwarn: () => {} });
    await bundle.write({ dir: folder, format: 'esm', entryFileNames: '[name].mjs' });
    await bundle.close();
    return 'app.mjs';
  },
  async webpack(input, folder) {
    const output = { path: folder, filename: 'app.cjs' };
    // Not minified: that takes most of the time, and others here do it.
    const optimization = { minimize: false };
    const common = { mode: 'production', target: 'node20', optimization };
    const compiler = webpack({ ...common, entry: input, output });
    const stats = await promisify(compiler.run.bind(compiler))();
    if (stats.hasErrors()) throw new Error(stats.toString('errors-only'));
    await promisify(compiler.close.bind(compiler))();
    return 'app.cjs';
  },
  async ncc(input, folder) {
    const { code, assets } = await ncc(input, { quiet: true });
    for (const [name, { source }] of Object.entries(assets))
      await writeFile(join(folder, name), source);
    await writeFile(join(folder, 'app.mjs'), code);
    return 'app.mjs';
  },
};

const [bundler, input, folder] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
console.log(join(folder, await bundlers[bundler](input, folder)));
