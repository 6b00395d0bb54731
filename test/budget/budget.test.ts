import { describe, expect, it } from 'vitest';
import { durableStores } from '../journeys/support/durable-stores.js';
import {
  type Ceiling,
  DELIVERY,
  HEAP,
  type ImportCeiling,
  IMPORTS,
  OUTLIVING,
  STATEMENTS,
} from './ceilings.js';
import { countDeliveries, countImports, type LoadedFile, type Plant } from './count.js';

/** What is said of an amount over its ceiling, and where it comes from; `undefined` below it. */
function over(
  what: string,
  amount: number | undefined,
  { most, because }: Ceiling,
  where: readonly string[],
): string | undefined {
  if (amount === undefined) return `${what}: not counted`;
  if (amount <= most) return undefined;
  const lines = [`${what}: ${amount} for each, at most ${most} (${because})`, ...where];
  return lines.join('\n  ');
}

/** What a number of promises and timers over their ceilings is told of. */
async function resourcesOver(plant?: Plant): Promise<readonly string[]> {
  const { promises, timers, where } = await countDeliveries({
    what: 'resources',
    store: 'memory',
    ...(plant === undefined ? {} : { plant }),
  });
  return [
    over('promises', promises, DELIVERY.promises, where),
    over('timers', timers, DELIVERY.timers, where),
  ].filter((line) => line !== undefined);
}

describe('promises and timers of a delivery', () => {
  it('stay below their ceilings', async () => {
    expect(await resourcesOver()).toEqual([]);
  });

  it('are found where there is one more, with the place it is made at', async () => {
    expect(await resourcesOver('promise')).toEqual([
      expect.stringMatching(/^promises: [^]*PROMISE at .*promise .*plants\.mjs/),
    ]);
    expect(await resourcesOver('timer')).toEqual([
      expect.stringMatching(/^timers: [^]*Timeout at .*timer .*plants\.mjs/),
    ]);
  });
});

const [major = ''] = process.versions.node.split('.');
const heapCeiling = HEAP[major];

describe.skipIf(heapCeiling === undefined)('bytes of the heap of a delivery', () => {
  async function bytesOver(plant?: Plant): Promise<string | undefined> {
    const { bytes, where } = await countDeliveries({
      what: 'heap',
      store: 'memory',
      ...(plant === undefined ? {} : { plant }),
    });
    return over('bytes', bytes, heapCeiling ?? { most: 0, because: 'no ceiling' }, where);
  }

  it('stay below their ceiling', async () => {
    expect(await bytesOver()).toBeUndefined();
  });

  it('are found where there are 2 kB more, with the functions that allocate most', async () => {
    expect(await bytesOver('bytes')).toMatch(
      /^bytes: [^]*\n {2}\d+ bytes a delivery: \w+ packages\/core/,
    );
  });
});

describe('bytes that outlive a delivery', () => {
  async function outlivingOver(plant?: Plant): Promise<string | undefined> {
    const { outliving, where } = await countDeliveries({
      what: 'outliving',
      store: 'memory',
      ...(plant === undefined ? {} : { plant }),
    });
    return over('outliving', outliving, OUTLIVING, where);
  }

  it('stay below their ceiling', async () => {
    expect(await outlivingOver()).toBeUndefined();
  });

  it('are found where a line holds what has left it', async () => {
    expect(await outlivingOver('outliving')).toMatch(/^outliving: [^]*bytes a delivery/);
  });
});

describe.each(durableStores)('what $name is asked for a delivery', ({ name, isThere }) => {
  it.skipIf(!isThere)('stays below its ceiling', async () => {
    const ceiling = STATEMENTS[name] ?? { most: 0, because: 'it has no ceiling yet' };
    const { statements, where } = await countDeliveries({ what: 'statements', store: name });
    expect(over('statements', statements, ceiling, where)).toBeUndefined();
  });
});

/** What an import over its ceiling is told of, with the files that were loaded. */
function importFaults(
  { files, kilobytes, others }: ImportCeiling,
  format: 'esm' | 'cjs',
  loaded: readonly LoadedFile[],
): readonly string[] {
  const mostFiles = files[format];
  const own = loaded.filter(({ path }) => path.startsWith('packages/'));
  const bytes = own.reduce((sum, { length }) => sum + length, 0);
  const strangers = loaded
    .filter((file) => !own.includes(file))
    .filter(({ path }) => !others.some((name) => path.startsWith(`${name}/`)));
  const list = (listed: readonly LoadedFile[]): string =>
    listed.map(({ path, length }) => `\n  ${path}: ${length} characters`).join('');
  return [
    ...(own.length > mostFiles ? [`${own.length} files, at most ${mostFiles}:${list(own)}`] : []),
    ...(bytes > kilobytes * 1_000
      ? [`${bytes} characters, at most ${kilobytes} thousand:${list(own)}`]
      : []),
    ...(strangers.length > 0 ? [`other packages:${list(strangers)}`] : []),
  ];
}

describe.each(['esm', 'cjs'] as const)('files of an import (%s)', (format) => {
  it.each(IMPORTS)('$entry loads what it needs', async (ceiling) => {
    const loaded = await countImports({ entry: ceiling.entry, format });
    expect(loaded.length).toBeGreaterThan(0);
    expect(importFaults(ceiling, format, loaded)).toEqual([]);
  });

  it('a file more is found, of the kit and of another package', async () => {
    const express = IMPORTS.find(({ entry }) => entry === '@qbitflow/express');
    if (express === undefined) throw new Error('there is no ceiling for @qbitflow/express');
    const { entry } = express;
    const own = await countImports({ entry, format, plant: '@qbitflow/core/testing' });
    expect(importFaults(express, format, own)).toEqual([
      expect.stringMatching(/^\d files, at most \d:[^]*core\/dist\/\w+\/testing\/index\.js/),
      expect.stringMatching(/characters, at most/),
    ]);
    const other = await countImports({ entry, format, plant: 'cors' });
    expect(importFaults(express, format, other)).toEqual([
      expect.stringMatching(/^other packages:[^]*cors\/lib\/index\.js/),
    ]);
  });
});
