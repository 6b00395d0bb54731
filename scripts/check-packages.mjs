// Proves the packages as a merchant gets them: packs every public one, lints the tarballs (publint, attw), installs
// them together with npm into an empty project and loads every entry point with require() and with import.
// Needs a build. Says one line when all is well, and everything it knows when not.
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
} from 'node:fs';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

// Started through npm the pinned pnpm is on the PATH already; by hand it is looked up where tasks.mjs put it.
const tools = join(root, '.tools');
const pinned = existsSync(tools)
  ? readdirSync(tools).filter((name) => name.startsWith('pnpm-'))
  : [];
const path = [
  join(root, 'node_modules', '.bin'),
  process.env.PATH,
  ...pinned.map((name) => join(tools, name, 'node_modules', '.bin')),
].join(delimiter);

/** Runs a program in silence; when it fails, everything it said becomes the error. */
async function run(what, command, args, cwd = root) {
  try {
    const env = { ...process.env, PATH: path, NO_COLOR: '1' };
    return await promisify(execFile)(command, args, { cwd, env, maxBuffer: 16 * 2 ** 20 });
  } catch (error) {
    const said = `${error.stdout ?? ''}${error.stderr ?? ''}`.trim();
    throw new Error(`${what}:\n${said === '' ? error.message : said}`, { cause: error });
  }
}

function publicPackages() {
  return readdirSync(join(root, 'packages'))
    .map((name) => join(root, 'packages', name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => ({ folder, manifest: readJson(join(folder, 'package.json')) }))
    .filter(({ manifest }) => manifest.private !== true);
}

/** Every specifier a merchant may write, e.g. `@qbitflow/core` and `@qbitflow/core/testing`. */
function entryPoints({ manifest }) {
  return Object.keys(manifest.exports)
    .filter((subpath) => !subpath.endsWith('.json'))
    .map((subpath) => manifest.name + subpath.slice(1));
}

async function pack({ folder, manifest }, out) {
  if (!existsSync(join(folder, 'dist')))
    throw new Error(`${manifest.name} is not built: run \`npm run build\` first`);
  // pnpm, not npm: only pnpm rewrites `workspace:^` and takes `publishConfig.exports`.
  const packed = await run(
    `${manifest.name} does not pack`,
    'pnpm',
    ['pack', '--json', '--pack-destination', out],
    folder,
  );
  const { filename } = JSON.parse(packed.stdout);
  return filename;
}

/** What attw's command asks, without a process for each package, which takes seconds to load TypeScript. */
async function attw() {
  const command = realpathSync(
    join(root, 'node_modules', '@arethetypeswrong', 'cli', 'package.json'),
  );
  const core = createRequire(command).resolve('@arethetypeswrong/core');
  return import(pathToFileURL(core).href);
}

async function lint(tarball, name) {
  await run(`publint finds fault with ${name}`, 'publint', ['run', '--strict', tarball]);
  // attw looks through every resolution there is: node10, node16 from CJS, node16 from ESM, bundlers.
  const { checkPackage, createPackageFromTarballData } = await attw();
  const { types, problems } = await checkPackage(
    createPackageFromTarballData(new Uint8Array(readFileSync(tarball))),
  );
  if (types === false) throw new Error(`attw finds no types in ${name}`);
  if (problems.length === 0) return;
  const what = `attw finds fault with the types of ${name}`;
  await run(what, 'attw', [tarball, '--format', 'ascii']);
  throw new Error(`${what}:\n${JSON.stringify(problems, undefined, 2)}`);
}

/** Loaded by both module systems of this Node: the same names must come out, and at least one. */
const LOAD = `
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const faults = [];
for (const name of process.argv.slice(2)) {
  try {
    const names = (exported) => Object.keys(exported).filter((key) => key !== '__esModule' && key !== 'module.exports' && key !== 'default').sort().join(' ');
    const [cjs, esm] = [names(require(name)), names(await import(name))];
    if (cjs === '') faults.push(name + ' exports nothing');
    if (cjs !== esm) faults.push(name + ' exports other names to require (' + cjs + ') than to import (' + esm + ')');
  } catch (error) {
    faults.push(name + ' does not load: ' + error.stack);
  }
}
const { QBitFlowError } = require('@qbitflow/core');
const { isQBitFlowError } = await import('@qbitflow/core');
if (!isQBitFlowError(new QBitFlowError('internal', 'made by the CommonJS copy'))) faults.push('an error of one module format is not recognised by the other');
if (faults.length > 0) { console.error(faults.join('\\n')); process.exit(1); }
`;

async function loadAll(packages, tarballs, app) {
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), '{"private":true}\n');
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
  // All in one install, or npm would ask its registry for @qbitflow/core.
  const nest = ['common', 'core', 'platform-express'].map((name) => `@nestjs/${name}@12`);
  const frameworks = ['express@5', 'fastify@5', 'hono@4', 'koa@3', '@koa/router@15', ...nest];
  const wanted = [...tarballs, ...frameworks, 'reflect-metadata@0.2', 'rxjs@7'];
  await run(
    'the tarballs do not install',
    'npm',
    ['install', '--prefer-offline', ...quiet, ...wanted],
    app,
  );
  writeFileSync(join(app, 'load.mjs'), LOAD);
  await run(
    'an installed package does not load',
    process.execPath,
    ['load.mjs', ...packages.flatMap(entryPoints)],
    app,
  );
  for (const { manifest } of packages)
    for (const name of Object.keys(manifest.bin ?? {}))
      if (!existsSync(join(app, 'node_modules', '.bin', name)))
        throw new Error(`${manifest.name} does not install its command ${name}`);
}

const out = mkdtempSync(join(tmpdir(), 'qbitflow-packages-'));
try {
  const packages = publicPackages();
  const tarballs = await Promise.all(packages.map((one) => pack(one, out)));
  await Promise.all([
    loadAll(packages, tarballs, join(out, 'app')),
    // One after the other: each can fill a core.
    (async () => {
      for (const [at, tarball] of tarballs.entries())
        await lint(tarball, packages[at].manifest.name);
    })(),
  ]);
  console.log(`${packages.length} packages pack, type and load, as ESM and as CommonJS`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
