import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

// The sandbox judges what the kit does. What it shares with it knows the time, the log and errors, and nothing of the wire.
const SHARED = new Set([
  'QBitFlowError',
  'asError',
  'inBackground',
  'isQBitFlowError',
  'safeLogger',
  'silentLogger',
  'sleep',
  'systemClock',
]);

/** Every value that the text imports from the kit, as `<entry> <name>`; types are none. */
function valuesFromKit(text: string): string[] {
  // At the beginning of a line: examples in doc comments import too.
  return [...text.matchAll(/^(?:import|export)\s+(?!type\b)([^;]*?)\sfrom '(@qbitflow\/[^']+)'/gm)]
    .flatMap(([, names = '', entry = '']) =>
      names
        .replaceAll(/[{}]/g, '')
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '' && !name.startsWith('type '))
        .map((name) => `${entry} ${name}`),
    )
    .concat(/\b(?:import|require)\('@qbitflow\//.test(text) ? ['a dynamic import'] : []);
}

test('tells values from types', () => {
  expect(
    valuesFromKit(
      "import { sleep, type Clock } from '@qbitflow/core';\nimport type { Logger } from '@qbitflow/core';\n" +
        "export { signDelivery } from '@qbitflow/core/testing';",
    ),
  ).toEqual(['@qbitflow/core sleep', '@qbitflow/core/testing signDelivery']);
});

test('nothing that the sandbox signs, words or checks with comes from the kit', () => {
  const src = join(import.meta.dirname, '../src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  expect(files.length).toBeGreaterThan(30);
  const found = files.flatMap((file) =>
    valuesFromKit(readFileSync(join(src, file), 'utf8')).map((value) => ({ file, value })),
  );
  expect(found.filter(({ value }) => !SHARED.has(value.replace(/^@qbitflow\/core /, '')))).toEqual(
    [],
  );
  // The signer itself shares nothing at all.
  expect(found.filter(({ file }) => file.startsWith('wire'))).toEqual([]);
});
