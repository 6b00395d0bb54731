import { execFile } from 'node:child_process';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';

const run = promisify(execFile);

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** What the routes of a bundle answered without some of its files and with them, and what was reported. */
interface Seen {
  readonly missing: Readonly<Record<string, Answer>>;
  readonly there: Readonly<Record<string, Answer>>;
  readonly reported: readonly { readonly stage: string; readonly message: string }[];
}

/** Bundles the kit into files of their own for what is loaded on demand, and leaves those of `sources` behind. */
async function deployWithout(sources: readonly string[]): Promise<Seen> {
  const folder = await mkdtemp(join(tmpdir(), 'qbitflow-chunks-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const { metafile } = await build({
    entryPoints: { core: '@qbitflow/core' },
    absWorkingDir: import.meta.dirname,
    outdir: folder,
    bundle: true,
    splitting: true,
    metafile: true,
    format: 'esm',
    platform: 'node',
    conditions: ['@qbitflow/source'],
    outExtension: { '.js': '.mjs' },
    banner: {
      js: "import { createRequire } from 'node:module';const require = createRequire('/');",
    },
  });
  const chunks = Object.entries(metafile.outputs).flatMap(([file, { entryPoint = '' }]) =>
    sources.some((source) => entryPoint.endsWith(`/${source}`))
      ? [join(import.meta.dirname, file)]
      : [],
  );
  expect(chunks).toHaveLength(sources.length);
  for (const chunk of chunks) await rename(chunk, `${chunk}.away`);
  const script = join(import.meta.dirname, 'missing-chunk.mjs');
  // A rejection that nobody handles ends the process, and rejects here.
  const { stdout } = await run(process.execPath, [script, join(folder, 'core.mjs'), ...chunks]);
  return JSON.parse(stdout) as Seen;
}

test('a file of the bundle that was left behind is an answer and a report, and is looked for again', async () => {
  const { missing, there, reported } = await deployWithout([
    'customer-requests.ts',
    'checkout/respond.ts',
    'desk/desk.ts',
    'desk/metrics.ts',
  ]);
  expect(Object.values(missing).map(({ status }) => status)).toEqual([503, 503, 503, 503, 503]);
  const page = missing['/success?uuid=pay@1'];
  expect(page?.text).toContain('We cannot check your payment right now');
  expect(page?.text).toContain('please do not pay again');
  expect(page?.text).toContain('<a href="/tea?a=1&amp;b=2">Back to Kumo &amp; Sons</a>');
  expect(missing['/buy']?.text).toContain('Nothing was paid');
  for (const path of ['/status/pay@1', '/desk', '/metrics'])
    expect(missing[path]?.type).toBe('application/json; charset=utf-8');

  expect(reported.map(({ stage }) => stage)).toEqual([
    'return',
    'checkout',
    'return',
    'respond',
    'respond',
  ]);
  for (const { message } of reported) expect(message).toContain('deploy every file');

  expect(Object.values(there).map(({ status }) => status)).toEqual([200, 400, 200, 200, 200]);
});
