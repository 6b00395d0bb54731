#!/usr/bin/env node
// One command from a fresh clone. Needs only Node (20.19+, 22.12+ or newer) and the npm that comes with it:
//   npm test        installs everything and runs every check
//   npm run test:changed, npm run test:package -- core    the fast lane, which needs no task of these
//   npm run test:on -- node24    the tests on another Node: node22, node24, node26
//   npm run demo    installs and builds what the main example needs, starts it; -- <name> another one, --open your browser
//   npm run bench   installs everything, builds, measures; -- hosts stores … some scenes, --node node20,node24 on these Nodes
//   npm run docs    installs everything, writes the pages of the API to artefacts/api
//   npm run chaos   installs everything, builds, kills and stops everything and shows that nothing is lost
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseDemo, examplesIn, filtersOf, programOf } from './demos.mjs';
import { runTests } from './flaky.mjs';
import { takesNode } from './node-versions.mjs';
import { runtime } from './runtimes.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

function fail(message) {
  console.error(`\n${message}\n`);
  process.exit(1);
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { node: nodeRange } = manifest.engines;
const [major = 0] = process.versions.node.split('.').map(Number);
if (!takesNode(nodeRange, process.versions.node))
  fail(`QBitFlow kit needs Node ${nodeRange}; this is Node ${process.versions.node}.`);

const [task = '', ...taskArgs] = process.argv.slice(2);
const asked = task === 'demo' ? chooseDemo(examplesIn(root), taskArgs) : {};
if (asked.complaint !== undefined) fail(asked.complaint);

const version = /^pnpm@([^+]+)/.exec(manifest.packageManager ?? '')?.[1];
if (!version) fail('package.json: "packageManager" must pin pnpm.');

const env = {
  ...process.env,
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
};

function run(args, { node = process.execPath, ...options } = {}) {
  const result = spawnSync(node, args, {
    cwd: root,
    env,
    stdio: 'inherit',
    ...options,
  });
  if (result.error) fail(result.error.message);
  return result;
}

const BOTH_STREAMS = ['ignore', 'pipe', 'pipe'];
const CAPTURED = { stdio: BOTH_STREAMS, encoding: 'utf8', maxBuffer: Infinity };

/** Runs a program to its end, and ends with it when it fails. A quiet one shows what it said only then. */
function step(args, { quiet = false, ...options } = {}) {
  const { status, signal, output } = run(args, { ...(quiet && CAPTURED), ...options });
  if (status === 0) return;
  if (quiet) console.error(`\n${output.join('').trimEnd()}`);
  console.error(`✗ FAILED (${signal ?? `exit code ${status}`}): ${args.join(' ')}`);
  process.exit(status ?? 1);
}

// The pinned pnpm lives in the checkout (.tools, git-ignored): no global install, no corepack, no root rights.
const tools = join(root, '.tools', `pnpm-${version}-${process.platform}-${process.arch}`);
const pnpmPackage = join(tools, 'node_modules', 'pnpm');

/** Installs one package with npm into a folder of its own, where it appears whole. Gives whether it could be had. */
function fetchPackage(spec, folder, finish = () => {}) {
  const npm = process.env.npm_execpath ?? '';
  if (!npm.endsWith('npm-cli.js')) fail('Start this with npm: npm test, or npm run demo.');
  console.log(`Fetching ${spec} (once) ...`);
  const temporary = `${folder}.${process.pid}`;
  mkdirSync(temporary, { recursive: true });
  writeFileSync(join(temporary, 'package.json'), '{"private":true}\n');
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
  const install = [npm, 'install', '--ignore-scripts', '--no-package-lock', ...quiet, spec];
  const { status, output } = run(install, { cwd: temporary, ...CAPTURED });
  const fetched = status === 0;
  if (!fetched) console.error(output.join('').trimEnd());
  if (fetched) finish(temporary);
  rmSync(folder, { recursive: true, force: true });
  if (fetched) renameSync(temporary, folder);
  else rmSync(temporary, { recursive: true, force: true });
  return fetched;
}

/** npm 12 runs no install scripts unless told to; pnpm's only links its native binary into place. */
function linkPnpm(folder) {
  step([join(folder, 'node_modules', 'pnpm', 'install.js')], {
    cwd: folder,
    env: { ...env, npm_lifecycle_event: 'preinstall' },
  });
}

if (!existsSync(pnpmPackage) && !fetchPackage(`pnpm@${version}`, tools, linkPnpm))
  fail(`pnpm ${version} could not be fetched: check the connection to the package registry.`);
env.PATH = join(tools, 'node_modules', '.bin') + delimiter + (process.env.PATH ?? ''); // turbo looks pnpm up on the PATH

const pnpmBin = join(pnpmPackage, 'bin', 'pnpm.mjs');
const pnpm = (...args) => step([pnpmBin, ...args]);
const build = () => pnpm('exec', 'turbo', 'run', 'build', '--output-logs=errors-only');
const INSTALL = ['install', '--frozen-lockfile', '--prefer-offline'];

/** Fetches a runtime that tests run on, once. Not every one is made for every machine: its tests then say so. */
function fetchRuntime(name) {
  const { spec, folder, path } = runtime(name);
  if (!existsSync(path)) fetchPackage(spec, folder);
  return path;
}

/** Runs a program to its end. Resolves to its exit code or signal, and to what it said where that was not shown live. */
function toItsEnd(args, { node = process.execPath, live = false, env: more = {} } = {}) {
  const child = spawn(node, args, {
    cwd: root,
    env: { ...env, ...more },
    stdio: live ? 'inherit' : BOTH_STREAMS,
  });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => (output += text));
  child.stderr?.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((resolve) => {
    child.on('error', (error) => (output += `${error.message}\n`));
    child.on('close', (code, signal) => resolve({ code, signal, output: output.trimEnd() }));
  });
}

/** Runs one check of `npm test`, and shows its output only when it failed. Resolves to whether it passed. */
async function check(name, args, running = toItsEnd([pnpmBin, 'exec', ...args])) {
  const started = performance.now();
  const { code, signal, output } = await running;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const passed = code === 0;
  if (!passed && output !== '') console.error(`\n${output}`);
  const why = passed ? '' : ` (${signal ?? `exit code ${code}`}): ${args.join(' ')}`;
  console.log(`${passed ? '✓' : '✗ FAILED'} ${name}, ${seconds} s${why}`);
  return passed;
}

/** Runs checks two at a time, all of them. Resolves to whether every one passed. */
async function inPairs(...all) {
  const waiting = all.values();
  let passed = true;
  const work = async () => {
    for (const [name, args] of waiting) passed = (await check(name, args)) && passed;
  };
  await Promise.all([work(), work()]);
  return passed;
}

/** Runs vitest where it can be seen. On a build machine a few files that failed get a second chance, and are named. */
async function vitest(args, node = process.execPath, nodeMajor = major) {
  const bin = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const runOnce = async (given, more) => {
    const { code } = await toItsEnd([bin, 'run', ...given], { node, live: true, env: more });
    return code ?? 1;
  };
  if (env.CI !== 'true') return runOnce(args, {});
  const folder = join(root, 'artefacts');
  return runTests({
    vitest: runOnce,
    args,
    folder,
    nodeMajor,
    say: (text) => console.log(`! ${text}`),
  });
}

/**
 * Tests whose outcome is the same on every Node: rules for sources, what tsc says, suites run on plain data, and what is
 * about browsers and other runtimes (what Node has to do with them is asked by the matrix and the journeys). By their
 * paths below a project's root.
 */
const SAME_ON_EVERY_NODE = [
  'packages/{import-rules,source-rules,manifests,types,file-timeout,flaky}.test.ts',
  'buggy-*.test.ts',
  '{browser/*,bundles/bundles,budget/sizes,packages/release,platforms/platforms}.test.ts',
];

const ended = (code) => ({ code, signal: null, output: '' });

const tasks = {
  demo() {
    const { demo: example, args } = asked;
    const filters = filtersOf(example);
    console.log(`Installing what ${example.name} needs ...`);
    // The root's tools build it.
    step([pnpmBin, ...INSTALL, '--filter=.', ...filters], { quiet: true });
    console.log('Building it ...');
    step([pnpmBin, 'exec', 'turbo', 'run', 'build', ...filters], { quiet: true });
    const demo = spawn(process.execPath, [...programOf(example), ...args], {
      cwd: join(root, 'examples', example.name),
      env,
      stdio: 'inherit',
    });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => demo.kill(signal));
    demo.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
  },
  async test(...rest) {
    for (const name of ['bun', 'deno', 'workerd']) fetchRuntime(name);
    const built = ['turbo', 'run', 'build', '--output-logs=errors-only'];
    if (!(await check('build', built))) process.exit(1);
    // Not beside the tests: on two processors those with a browser or another runtime would run out of their time.
    const areFine = await inPairs(
      ['format', ['prettier', '--check', '--log-level=warn', '.']],
      ['packages', ['node', 'scripts/check-packages.mjs']],
      // All packages in one program: most of what each has to read is core.
      ['types', ['tsc', '--noEmit', '-p', 'packages']],
      ['lint', ['oxlint', '--quiet']],
      ['types of test', ['tsc', '--noEmit', '-p', 'test']],
      ['unused code', ['knip', '--no-progress', '--no-config-hints']],
    );
    const arePassed = await check('tests', ['vitest', 'run', ...rest], vitest(rest).then(ended));
    if (!areFine || !arePassed) process.exit(1);
  },
  async 'test:on'(name, ...rest) {
    if (!/^node\d+$/.test(name ?? '')) fail('Say which Node: npm run test:on -- node24');
    const node = fetchRuntime(name);
    build();
    // What the tests start as `node` is this one too.
    env.PATH = dirname(node) + delimiter + env.PATH;
    console.log(
      `Left out on ${name}, being the same on every Node: ${SAME_ON_EVERY_NODE.join(', ')}`,
    );
    const leftOut = SAME_ON_EVERY_NODE.map((pattern) => `--exclude=**/${pattern}`);
    process.exit(await vitest([...leftOut, ...rest], node, name.slice('node'.length)));
  },
  bench(...rest) {
    const here = `node${major}`;
    const [, names = here] = /(?:^| )--node[= ](\S+)/.exec(rest.join(' ')) ?? [];
    for (const name of names.split(',')) if (name !== here) fetchRuntime(name);
    build();
    step(['test/performance/run.mjs', ...rest]);
  },
  chaos(...rest) {
    build();
    step(['test/chaos/run.mjs', ...rest]);
  },
  docs() {
    pnpm('--filter', '@qbitflow-docs/api', 'run', 'docs');
  },
  install(...runtimes) {
    for (const name of runtimes) fetchRuntime(name);
  },
};

if (!Object.hasOwn(tasks, task)) fail(`unknown task: ${task}`);
if (task !== 'demo') pnpm(...INSTALL);
await tasks[task](...taskArgs);
