import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { onTestFinished } from 'vitest';
import { root } from '../packages/tree.js';

const run = promisify(execFile);

const NAMED_BLOCK = /^```(?:js|json|ts) (\S+)\n([\s\S]*?)^```$/gm;

/** The files of a guide: its code blocks that have a name. */
export async function filesOf(guide: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(join(root, 'docs', 'guides', `${guide}.md`), 'utf8');
  return new Map([...text.matchAll(NAMED_BLOCK)].map(([, name = '', code = '']) => [name, code]));
}

/** Writes a guide's files where they find the packages that they import; gone when the test has ended. */
export async function writeGuide(guide: string): Promise<string> {
  const folder = join(root, 'test', 'node_modules', `.guide-${guide}-${randomUUID()}`);
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const files = new Map([
    ['package.json', '{ "type": "module" }'],
    ['tsconfig.json', JSON.stringify(TSCONFIG)],
    ...(await filesOf(guide)),
  ]);
  for (const [name, code] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), code);
  }
  return folder;
}

/** JavaScript is checked too, as an editor does; decorators are as Nest's own projects have them. */
const TSCONFIG = {
  compilerOptions: {
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2023', 'dom'],
    types: ['node'],
    allowJs: true,
    checkJs: true,
    strict: true,
    noImplicitAny: false,
    skipLibCheck: true,
    experimentalDecorators: true,
    rootDir: '.',
    outDir: 'built',
  },
  exclude: ['built'],
};

/** Compiles a guide's files into `built`; rejects with the complaints. */
export async function compile(folder: string): Promise<void> {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  try {
    await run(process.execPath, [tsc, '-p', folder]);
  } catch (error) {
    throw new Error(String(Reflect.get(Object(error), 'stdout')), { cause: error });
  }
}

/** A guide's app, running. */
export interface GuideApp {
  readonly url: string;
  /** What it has written. */
  readonly output: () => string;
}

/** Starts `node …args` in a folder; resolves once something answers. */
export async function startApp(
  folder: string,
  args: (port: number) => readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<GuideApp> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { PATH: process.env['PATH'], PORT: String(port), ...environment };
  const child = spawn(process.execPath, args(port), { cwd: folder, env });
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  let output = '';
  const read = (text: string): unknown => (output += text);
  child.stdout.setEncoding('utf8').on('data', read);
  child.stderr.setEncoding('utf8').on('data', read);
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error(`the guide's app ended: ${output}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
  return { url, output: () => output };
}

async function answers(url: string): Promise<boolean> {
  try {
    await (await fetch(`${url}/qbitflow/webhook`)).text();
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Makes a database that is gone when the test has ended; `undefined` where there is no server. */
export async function openDatabase(server: string): Promise<string | undefined> {
  const admin = new Client({ connectionString: server });
  try {
    await admin.connect();
  } catch {
    return undefined;
  }
  const name = `guide_${randomUUID().replaceAll('-', '')}`;
  await admin.query(`create database ${name}`);
  onTestFinished(async () => {
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  });
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}
