import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'vitest';

const root = join(import.meta.dirname, '../..');
const file = (...path: string[]): string => JSON.stringify(join(root, ...path));

async function run(
  source: string,
  limitMs: number,
  onTestFinished: TestContext['onTestFinished'],
): Promise<{ code: number | null; output: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'qbitflow-file-timeout-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'subject.test.mjs'), source);
  await writeFile(
    join(folder, 'run.mjs'),
    `import { startVitest } from ${file('node_modules/vitest/dist/node.js')};
     import FileTimeoutReporter from ${file('scripts/file-timeout-reporter.mjs')};
     const reporters = [new FileTimeoutReporter({ limitMs: ${limitMs} })];
     const vitest = await startVitest('test', [], { watch: false, globals: true, config: false, root: ${JSON.stringify(folder)}, reporters });
     await vitest.close();`,
  );
  const child = spawn(process.execPath, [join(folder, 'run.mjs')], { cwd: folder });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}

test.concurrent(
  'a file whose test spins is named, and the run ends',
  { timeout: 60_000 },
  async ({ expect, onTestFinished }) => {
    const { code, output } = await run(
      `test('spins', () => { for (;;); });`,
      3_000,
      onTestFinished,
    );
    expect(output).toMatch(/FAILED: \S*subject\.test\.mjs did not end within 3 s/);
    expect(code).toBe(1);
  },
);

test.concurrent(
  'a file that spins while it is loaded is named as well',
  { timeout: 60_000 },
  async ({ expect, onTestFinished }) => {
    const { code, output } = await run(`for (;;);`, 3_000, onTestFinished);
    expect(output).toMatch(/FAILED: \S*subject\.test\.mjs did not end within 3 s/);
    expect(code).toBe(1);
  },
);

test.concurrent(
  'a file that goes on with its tests is left alone',
  { timeout: 60_000 },
  async ({ expect, onTestFinished }) => {
    const { code, output } = await run(
      `for (let i = 0; i < 9; i += 1) test(String(i), () => new Promise((end) => setTimeout(end, 1_600)));`,
      12_000,
      onTestFinished,
    );
    expect([code, output]).toEqual([0, '']);
  },
);

test.concurrent(
  'a file that ends in time is left alone',
  { timeout: 60_000 },
  async ({ expect, onTestFinished }) => {
    const { code, output } = await run(
      `test('ends', () => { expect(1).toBe(1); });`,
      50_000,
      onTestFinished,
    );
    expect([code, output]).toEqual([0, '']);
  },
);
