#!/usr/bin/env node
// A release that reaches nobody: publishes every public package to a registry of this machine's own (verdaccio), installs
// them from there into an empty project as a merchant would, and buys something: session, payment, webhook, handler,
// return page. Needs a build. `--with npm,pnpm,yarn,pnp` says which installers; npm alone unless told.
// Other packages come from the registry that npm is configured with.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const tools = join(root, '.tools');
const readJson = async (file) => JSON.parse(await readFile(file, 'utf8'));

/** Runs a program in silence; when it fails, everything it said becomes the error. */
async function run(what, command, args, { cwd = root, env = {} } = {}) {
  try {
    const options = { cwd, env: { ...process.env, NO_COLOR: '1', ...env }, maxBuffer: 2 ** 24 };
    return await promisify(execFile)(command, args, options);
  } catch (error) {
    const said = `${error.stdout ?? ''}${error.stderr ?? ''}`.trim();
    throw new Error(`${what}:\n${said === '' ? error.message : said}`, { cause: error });
  }
}

const QUIET = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];

/** What the rehearsal needs beside the workspace, fetched once into .tools. */
const TOOLS = {
  // The newest that runs on Node 20; what it pins of node-fetch does not install everywhere.
  verdaccio: { version: '6.8.0', overrides: { 'node-fetch': '2.7.0' } },
  '@yarnpkg/cli-dist': { version: '4.18.1' },
};

async function toolFolder(name) {
  const { version, overrides = {} } = TOOLS[name];
  const folder = join(tools, `${name.replaceAll(/[@/]/g, '')}-${version}`);
  if (!existsSync(folder)) {
    const temporary = `${folder}.${process.pid}`;
    await mkdir(temporary, { recursive: true });
    const manifest = { private: true, overrides };
    await writeFile(join(temporary, 'package.json'), JSON.stringify(manifest));
    const install = ['install', '--ignore-scripts', '--no-package-lock', ...QUIET];
    await run(`${name} could not be fetched`, 'npm', [...install, `${name}@${version}`], {
      cwd: temporary,
    });
    await rename(temporary, folder);
  }
  return join(folder, 'node_modules', name);
}

/** The pinned pnpm: on the PATH when npm started this, else where tasks.mjs put it. */
async function pathWithPnpm() {
  const names = existsSync(tools) ? await readdir(tools) : [];
  const pinned = names.filter((name) => name.startsWith('pnpm-'));
  return [
    process.env.PATH,
    ...pinned.map((name) => join(tools, name, 'node_modules', '.bin')),
  ].join(delimiter);
}

async function publicPackages() {
  const folders = (await readdir(join(root, 'packages'))).map((name) =>
    join(root, 'packages', name),
  );
  const there = folders.filter((folder) => existsSync(join(folder, 'package.json')));
  const all = await Promise.all(
    there.map(async (folder) => ({
      folder,
      manifest: await readJson(join(folder, 'package.json')),
    })),
  );
  return all.filter(({ manifest }) => manifest.private !== true);
}

async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

async function npmConfig(name) {
  const { stdout } = await run(`npm tells no ${name}`, 'npm', ['config', 'get', name]);
  return stdout.trim();
}

/** A registry on this machine: ours are published to it by anybody, all others are passed on. */
async function startRegistry(folder) {
  const verdaccio = await toolFolder('verdaccio');
  const outside = await npmConfig('registry');
  const cafile = await npmConfig('cafile');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = {
    storage: join(folder, 'storage'),
    auth: { htpasswd: { file: join(folder, 'htpasswd'), max_users: -1 } },
    uplinks: { outside: { url: outside, maxage: '1h', timeout: '60s', max_fails: 20 } },
    packages: {
      '@qbitflow/*': { access: '$all', publish: '$all' },
      '**': { access: '$all', proxy: 'outside' },
    },
    log: { type: 'stdout', level: 'warn' },
  };
  // JSON is YAML as well.
  await writeFile(join(folder, 'config.yaml'), JSON.stringify(config));
  const args = [
    join(verdaccio, 'bin', 'verdaccio'),
    '-c',
    join(folder, 'config.yaml'),
    '-l',
    `127.0.0.1:${port}`,
  ];
  // What npm trusts, the registry in between has to trust too.
  const trust = cafile === 'null' ? {} : { NODE_EXTRA_CA_CERTS: cafile };
  const server = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...trust, ...process.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [server.stdout, server.stderr])
    stream.setEncoding('utf8').on('data', (text) => (said += text));
  for (let tries = 300; tries > 0; tries -= 1) {
    if (server.exitCode !== null) break;
    if (
      await fetch(`${url}/-/ping`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return { url, server, said: () => said };
    await new Promise((later) => setTimeout(later, 100));
  }
  server.kill();
  throw new Error(`verdaccio does not answer:\n${said}`);
}

async function publish({ folder, manifest }, { url, npmrc, path }) {
  if (!existsSync(join(folder, 'dist')))
    throw new Error(`${manifest.name} is not built: run \`npm run build\` first`);
  // pnpm, not npm: only pnpm rewrites `workspace:^` and takes `publishConfig.exports`.
  const args = ['publish', '--no-git-checks', '--registry', url];
  await run(`${manifest.name} is not published`, 'pnpm', args, {
    cwd: folder,
    env: { PATH: path, NPM_CONFIG_USERCONFIG: npmrc },
  });
}

/** The packages of a small shop, and what it needs beside them. */
const WANTED = [
  '@qbitflow/core',
  '@qbitflow/express',
  '@qbitflow/sandbox',
  '@qbitflow/store-sqlite',
];
const OTHERS = { express: '^5.0.0' };

/** Each installs the project's dependencies from the registry, and says how a file of it is run. */
const INSTALLERS = {
  async npm(app, { url }) {
    await run(
      'npm does not install it',
      'npm',
      ['install', '--registry', url, '--cache', join(dirname(app), 'cache'), ...QUIET],
      {
        cwd: app,
      },
    );
    return [];
  },
  async pnpm(app, { url, path }) {
    // What was published a minute ago is installed on purpose.
    const settings = 'packages: []\nminimumReleaseAge: 0\ntrustLockfile: true\n';
    await writeFile(join(app, 'pnpm-workspace.yaml'), settings);
    await run('pnpm does not install it', 'pnpm', ['install', '--registry', url], {
      cwd: app,
      env: { PATH: path },
    });
    return [];
  },
  async yarn(app, registry) {
    await yarnInstall(app, registry, 'node-modules');
    return [];
  },
  async pnp(app, registry) {
    await yarnInstall(app, registry, 'pnp');
    const loader = new URL(`file://${join(app, '.pnp.loader.mjs')}`).href;
    return ['--require', join(app, '.pnp.cjs'), '--experimental-loader', loader, '--no-warnings'];
  },
};

async function yarnInstall(app, { url }, linker) {
  const yarn = join(await toolFolder('@yarnpkg/cli-dist'), 'bin', 'yarn.js');
  await writeFile(join(app, 'yarn.lock'), '');
  await run('yarn does not install it', process.execPath, [yarn, 'install'], {
    cwd: app,
    env: {
      YARN_NODE_LINKER: linker,
      YARN_NPM_REGISTRY_SERVER: url,
      YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
      YARN_NPM_MINIMAL_AGE_GATE: '0',
      YARN_ENABLE_TELEMETRY: '0',
      // Nothing of this registry stays on the machine.
      YARN_GLOBAL_FOLDER: join(dirname(app), 'yarn'),
      YARN_ENABLE_GLOBAL_CACHE: 'false',
      YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
    },
  });
}

/** A shop in one file, run in the project: it buys from itself and says each step. */
const SHOP = `
import { once } from 'node:events';
import express from 'express';
import { createQBitFlow } from '@qbitflow/core';
import { qbitflowRouter } from '@qbitflow/express';
import { startSandbox } from '@qbitflow/sandbox';
import { sqliteStore } from '@qbitflow/store-sqlite';

const app = express();
const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');
const publicUrl = 'http://127.0.0.1:' + server.address().port + '/qbitflow';
const sandbox = await startSandbox({ webhookUrl: publicUrl + '/webhook' });
const qbitflow = createQBitFlow({
  apiKey: sandbox.apiKey,
  webhookSecret: sandbox.secret,
  baseUrl: sandbox.v2Url,
  publicUrl,
  store: sqliteStore('deliveries.db'),
});
const handled = new Promise((resolve) => qbitflow.on('payment.completed', (event) => resolve(event.data.reference)));
app.use('/qbitflow', qbitflowRouter(qbitflow));
await qbitflow.start();

const { uuid, link } = await qbitflow.checkout.createPayment({ productName: 'Tea', price: 4.5, reference: 'order-1' });
console.log('session', (await fetch(link)).status);
const paid = await fetch(sandbox.url + '/sandbox/sessions/' + encodeURIComponent(uuid) + '/pay', { method: 'POST' });
console.log('paid', paid.ok);
console.log('handled', await handled);
const page = await fetch(publicUrl + '/success?uuid=' + encodeURIComponent(uuid) + '&type=payment');
console.log('page', page.status, /<h1[^>]*>([^<]*)/.exec(await page.text())?.[1]);
await qbitflow.close();
await sandbox.close();
server.close();
server.closeAllConnections();
`;

const STEPS = ['session 200', 'paid true', 'handled order-1', 'page 200 Payment received'];

async function buyWith(installer, app, registry) {
  const dependencies = {
    ...OTHERS,
    ...Object.fromEntries(WANTED.map((name) => [name, registry.versions[name]])),
  };
  const manifest = { name: 'shop', version: '1.0.0', private: true, type: 'module', dependencies };
  await mkdir(app);
  await writeFile(join(app, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(app, 'shop.mjs'), SHOP);
  const nodeArgs = await INSTALLERS[installer](app, registry);
  const shop = await run(
    `nothing can be bought (${installer})`,
    process.execPath,
    [...nodeArgs, 'shop.mjs'],
    { cwd: app },
  );
  const steps = shop.stdout.trim().split('\n');
  if (JSON.stringify(steps) !== JSON.stringify(STEPS))
    throw new Error(
      `${installer}: it went otherwise than it should:\n${shop.stdout}${shop.stderr}`,
    );
}

async function rehearse(installers) {
  const folder = await mkdtemp(join(tmpdir(), 'qbitflow-release-'));
  let registry;
  try {
    const packages = await publicPackages();
    const { url, server, said } = await startRegistry(folder);
    const npmrc = join(folder, 'npmrc');
    // npm sends nothing without a token; this registry looks at none.
    await writeFile(npmrc, `${url.replace('http:', '')}/:_authToken=rehearsal\n`);
    const versions = Object.fromEntries(
      packages.map(({ manifest }) => [manifest.name, manifest.version]),
    );
    registry = { url, server, said, npmrc, versions, path: await pathWithPnpm() };
    for (const one of packages) await publish(one, registry);
    for (const installer of installers) await buyWith(installer, join(folder, installer), registry);
    console.log(
      `${packages.length} packages published here, installed with ${installers.join(', ')}, and something bought`,
    );
  } catch (error) {
    const { exitCode, signalCode } = registry?.server ?? {};
    if (exitCode ?? signalCode)
      error.message += `\nverdaccio ended (${exitCode ?? signalCode}):\n${registry.said()}`;
    throw error;
  } finally {
    registry?.server.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

const { values } = parseArgs({ options: { with: { type: 'string', default: 'npm' } } });
const installers = values.with.split(',');
const unknown = installers.filter((name) => !Object.hasOwn(INSTALLERS, name));
if (unknown.length > 0) {
  console.error(
    `unknown installer: ${unknown.join(', ')}. Known: ${Object.keys(INSTALLERS).join(', ')}`,
  );
  process.exitCode = 1;
} else {
  await rehearse(installers).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
