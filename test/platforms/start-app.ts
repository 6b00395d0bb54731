import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { onTestFinished } from 'vitest';
import { runtimePath } from '../../scripts/runtimes.mjs';

/** What the shop is told: where QBitFlow is, and its secrets. */
export type Environment = Readonly<Record<string, string>>;

/** Starts the shop on one platform; resolves with its URL. */
export type StartApp = (environment: Environment) => Promise<string>;

const apps = join(import.meta.dirname, 'apps');

/** On a build machine nothing is skipped: there the missing runtime is the failure. */
export function hasRuntime(name: string): boolean {
  const isThere = runtimePath(name) !== undefined;
  const message = `${name} was not fetched (npm test does it): what concerns it is not tested`;
  if (!isThere && process.env['CI'] === 'true') throw new Error(message);
  if (!isThere) process.stderr.write(`\nSKIPPED: ${message}\n\n`);
  return isThere;
}

/** Runs one of the apps with a runtime that prints where it listens. */
export function appOn(runtime: string, app: string, args: readonly string[] = []): StartApp {
  return async (environment) => {
    const line = await start(runtime, [...args, join(apps, app)], environment);
    return line.replace('listening ', '');
  };
}

/** Bundles the app as a Worker and serves it on a port of its own. */
export const startOnWorkerd: StartApp = async (environment) => {
  const folder = await mkdtemp(join(tmpdir(), 'qbitflow-workerd-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  await bundle(join(apps, 'workerd.mjs'), join(folder, 'worker.mjs'));
  const port = await freePort();
  const config = join(folder, 'config.capnp');
  await writeFile(config, configOf(environment, port));
  const url = `http://127.0.0.1:${port}`;
  await start('workerd', ['serve', config, '--verbose'], {}, async () => answers(url));
  return url;
};

/** As Workers' own tools do: one file, in which the modules of Node stay imports. */
async function bundle(input: string, file: string): Promise<void> {
  const build = await rolldown({
    input,
    platform: 'neutral',
    resolve: { mainFields: ['module', 'main'], conditionNames: ['workerd', 'worker'] },
    external: (id) => /^(node|cloudflare):/.test(id) || builtinModules.includes(id),
  });
  await build.write({ file, format: 'esm', codeSplitting: false, banner: REQUIRE });
  await build.close();
}

/** CommonJS libraries `require` modules of Node, which a Worker has no function for. */
const REQUIRE = `import processOfNode from 'node:process';
const require = (id) => processOfNode.getBuiltinModule(id);`;

function configOf(environment: Environment, port: number): string {
  const text = (value: string): string => JSON.stringify(value);
  const bindings = Object.entries(environment).map(
    ([name, value]) => `(name = ${text(name)}, text = ${text(value)})`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "shop", worker = .shop),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "shop")],
);
const shop :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
  bindings = [${bindings.join(', ')}],
  compatibilityDate = "2026-08-04",
);
`;
}

/** Resolves with the line that says where it listens, or when `isReady` says so; rejects when the process ends first. */
async function start(
  runtime: string,
  args: readonly string[],
  environment: Environment,
  isReady?: () => Promise<boolean>,
): Promise<string> {
  const path = runtimePath(runtime);
  if (path === undefined) throw new Error(`${runtime} was not fetched`);
  const child = spawn(path, args, {
    env: { PATH: process.env['PATH'], HOME: tmpdir(), DO_NOT_TRACK: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  let output = '';
  return new Promise((resolve, reject) => {
    const read = (text: string): void => {
      output += text;
      const line = /^listening .*$/m.exec(output);
      if (line !== null) resolve(line[0]);
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.once('error', reject);
    void exited.then(() => reject(new Error(`${runtime} ended: ${output}`)));
    if (isReady !== undefined) void poll(isReady).then(() => resolve(''));
  });
}

async function poll(isReady: () => Promise<boolean>): Promise<void> {
  while (!(await isReady()))
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
}

async function answers(url: string): Promise<boolean> {
  try {
    await fetch(`${url}/shipped`);
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}
