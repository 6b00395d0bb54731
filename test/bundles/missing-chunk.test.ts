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
  /** What became of calls: a delivery's status, a rejection's code, or `ok`. */
  readonly failed: Readonly<Record<string, number | string>>;
  readonly succeeded: Readonly<Record<string, number | string>>;
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

  // Deliveries are what the other test is about.
  const ofRoutes = reported.filter(({ stage }) => stage !== 'receive');
  expect(ofRoutes.map(({ stage }) => stage)).toEqual([
    'return',
    'checkout',
    'return',
    'respond',
    'respond',
  ]);
  for (const { message } of ofRoutes) expect(message).toContain('deploy every file');

  expect(Object.values(there).map(({ status }) => status)).toEqual([200, 400, 200, 200, 200]);
});

test('without what asks the API and what operators do, deliveries are taken all the same, and calls reject', async () => {
  const { missing, failed, there, succeeded, reported } = await deployWithout([
    'asking-rooms.ts',
    'api/client.ts',
    'checkout/checkout.ts',
    'webhook/explain-refusal.ts',
    'bulk.ts',
    'replay-delivery.ts',
    'activity/notes.ts',
    'store/idempotency-store.ts',
  ]);
  expect(missing['/success?uuid=pay@1']?.status).toBe(503);
  expect(missing['/status/pay@1']?.status).toBe(503);
  const { genuine, forged, shared, ...calls } = failed;
  expect({ genuine, forged, shared }).toEqual({ genuine: 200, forged: 401, shared: 500 });
  expect(new Set(Object.values(calls))).toEqual(new Set(['misconfigured']));
  const refusal = reported.find(({ message }) => message.includes('a delivery was refused'));
  expect(refusal?.message).toMatch(/no matching signature \(why is not known: .*deploy every file/);

  expect(there['/success?uuid=pay@1']?.status).toBe(200);
  expect(succeeded).toEqual({
    ...Object.fromEntries(Object.keys(failed).map((name) => [name, 'ok'])),
    genuine: 200,
    forged: 401,
    shared: 200,
  });
});
