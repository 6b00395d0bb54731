import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { root } from '../packages/tree.js';

const run = promisify(execFile);

const NAMED_BLOCK = /^```(?:js|json|ts) (\S+)\n([\s\S]*?)^```$/gm;

/** The files of a guide: its code blocks that have a name. */
export async function filesOf(guide: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(join(root, 'docs', 'guides', `${guide}.md`), 'utf8');
  return new Map([...text.matchAll(NAMED_BLOCK)].map(([, name = '', code = '']) => [name, code]));
}

const TITLED_BLOCK = /^(.*)\n\n```(?:js|json|ts) (\S+)$/gm;

/** The names of a guide's files that its reader can see: a block's own is not shown, the line above it is. */
export async function namesShown(guide: string): Promise<readonly string[]> {
  const text = await readFile(join(root, 'docs', 'guides', `${guide}.md`), 'utf8');
  return [...text.matchAll(TITLED_BLOCK)]
    .filter(([, above = '', name = '']) => above.includes(`\`${name}\``))
    .map(([, , name = '']) => name);
}

/** Writes a guide's files, with the settings that they are compiled with; where `writeApp` does. */
export async function writeGuide(guide: string): Promise<string> {
  return writeApp(join(root, 'test', 'node_modules'), {
    'package.json': '{ "type": "module" }',
    'tsconfig.json': JSON.stringify(TSCONFIG),
    ...Object.fromEntries(await filesOf(guide)),
  });
}

/** Writes an app's files into a new folder below `test`, whose packages they import; gone when the test has ended. */
export async function writeApp(
  parent: string,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = join(parent, `.app-${randomUUID()}`);
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  for (const [name, code] of Object.entries(files)) {
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
