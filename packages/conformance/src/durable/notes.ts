import { deepEqual, equal, ok } from 'node:assert/strict';
import type { DurableStore } from '@qbitflow/core';
import { fieldOf, sameMembers } from '../support/asserting.js';
import { ODD_TEXTS } from '../support/odd-texts.js';
import type { DurableCase, DurableHarness } from '../support/store-harness.js';
import { eventually, pass } from '../support/waiting.js';
import { delivery } from './delivery.js';

const LONG = { keepMs: 600_000 };

type Store = Pick<DurableStore, 'putNote' | 'notes'>;

async function put(store: Store, name: string, text: string, options = LONG): Promise<void> {
  await store.putNote?.(name, text, options);
}

/** The notes below a prefix, as name and text. */
async function notesOf(store: Store, prefix = ''): Promise<readonly (readonly string[])[]> {
  return ((await store.notes?.(prefix)) ?? []).map(({ name, text }) => [name, text]);
}

async function isRefused(store: DurableStore, ...args: readonly unknown[]): Promise<void> {
  const what = `putNote(${args.map((one) => JSON.stringify(one)?.slice(0, 40)).join(', ')})`;
  try {
    const method = 'putNote' as const satisfies keyof DurableStore;
    await Reflect.apply(store[method] ?? notThere, store, args);
  } catch (error) {
    equal(fieldOf(error, 'code'), 'misconfigured', `${what} rejects with ${String(error)}`);
    return;
  }
  throw new Error(`${what} must reject`);
}

function notThere(): never {
  throw new Error('the store has no putNote');
}

export const noteCases: readonly DurableCase[] = [
  {
    name: 'notes: read by what their names begin with, in the order of their names',
    needs: 'keepsNotes',
    async run({ store }) {
      for (const name of ['b/2', 'a', 'b/10', 'B/1', 'b', 'c/1'])
        await put(store, name, `of ${name}`);
      deepEqual(await notesOf(store, 'b/'), [
        ['b/10', 'of b/10'],
        ['b/2', 'of b/2'],
      ]);
      deepEqual(
        (await notesOf(store)).map(([name]) => name),
        ['B/1', 'a', 'b', 'b/10', 'b/2', 'c/1'],
      );
      deepEqual(await notesOf(store, 'd'), []);
    },
  },
  {
    name: 'notes: the last one under a name is there alone, of many at once too',
    needs: 'keepsNotes',
    async run({ store }) {
      await put(store, 'a', 'one');
      await put(store, 'a', 'two');
      deepEqual(await notesOf(store), [['a', 'two']]);
      const texts = Array.from({ length: 10 }, (_, index) => `text ${index}`);
      await Promise.all(texts.map(async (text) => put(store, 'a', text)));
      const [only, ...others] = await notesOf(store);
      deepEqual(others, []);
      ok(texts.includes(only?.[1] ?? ''), `it says ${only?.[1]}`);
    },
  },
  {
    name: 'notes: gone once their time is over, counted from the last time they were put',
    needs: 'keepsNotes',
    async run(harness) {
      const { store, leaseMs } = harness;
      await put(store, 'short', 'x', { keepMs: leaseMs });
      await put(store, 'renewed', 'x', { keepMs: leaseMs });
      await put(store, 'renewed', 'y');
      await put(store, 'shortened', 'x');
      await put(store, 'shortened', 'y', { keepMs: leaseMs });
      await pass(harness, leaseMs);
      const left = await eventually(harness, 'notes to be gone', async () => {
        const found = await notesOf(store);
        return found.length <= 1 ? found : undefined;
      });
      deepEqual(left, [['renewed', 'y']]);
    },
  },
  {
    name: 'notes: when they were put, by the clock by which deliveries are recorded',
    needs: 'keepsNotes',
    async run({ store, granularityMs }) {
      await store.record(delivery(1));
      const [before] = (await store.list({})).items;
      await put(store, 'a', 'x');
      await store.record(delivery(2));
      const [after] = (await store.list({})).items;
      const [note] = (await store.notes?.('')) ?? [];
      const at = note?.at ?? 0;
      ok(at >= (before?.recordedAt ?? 0) - granularityMs, 'put before what came before it');
      ok(at <= (after?.recordedAt ?? 0) + granularityMs, 'put after what came after it');
    },
  },
  {
    name: 'notes: names and prefixes of any printable ASCII are taken literally',
    needs: 'keepsNotes',
    async run({ store }) {
      const names = ODD_TEXTS.filter((text) => text.length <= 200);
      await Promise.all(names.map(async (name) => put(store, name, `of ${name}`)));
      await put(store, 'n'.repeat(200), 'long');
      for (const name of names) {
        const found = await notesOf(store, name);
        const expected = names.filter((one) => one.startsWith(name));
        sameMembers(
          found.map(([one]) => String(one)),
          expected,
          `below ${name}`,
        );
        deepEqual(
          found.find(([one]) => one === name),
          [name, `of ${name}`],
        );
      }
    },
  },
  {
    name: 'notes: texts come back as they are, none too',
    needs: 'keepsNotes',
    async run({ store }) {
      const texts = ['', '{"a":[1,"\\u0000"]}', `'"\\%_{}\n\u20ac\u{1f600}`, 'x'.repeat(65_536)];
      for (const [index, text] of texts.entries()) await put(store, `a${index}`, text);
      deepEqual(
        (await notesOf(store)).map(([, text]) => text),
        texts,
      );
    },
  },
  {
    name: 'notes: a name, a text or a time that cannot be is misconfigured, and nothing is kept',
    needs: 'keepsNotes',
    async run({ store }) {
      const names = ['', 'x'.repeat(201), 'a\u0000', 'a\n', 'gr\u00fcn', '\u{1f600}', undefined, 7];
      for (const name of names) await isRefused(store, name, 'x', LONG);
      const texts = ['x'.repeat(65_537), '\u20ac'.repeat(21_846), undefined, 7];
      for (const text of texts) await isRefused(store, 'a', text, LONG);
      for (const keepMs of [NaN, undefined, '7']) await isRefused(store, 'a', 'x', { keepMs });
      deepEqual(await notesOf(store), []);
    },
  },
  {
    name: 'notes: no deliveries, in no list, no count and no pruning',
    needs: 'keepsNotes',
    async run(harness) {
      const { store } = harness;
      await put(store, 'a', 'x');
      deepEqual((await store.list({})).items, []);
      const { due, running, done, dead } = await store.stats();
      deepEqual([due, running, done, dead], [0, 0, 0, 0]);
      equal(await store.prune({ doneForMs: 0, keepKeysMs: 0, limit: 10 }), 0);
      deepEqual(await notesOf(store), [['a', 'x']]);
    },
  },
  {
    name: 'notes: other connections read them',
    needs: ['keepsNotes', 'sharedBetweenConnections'],
    async run(harness) {
      const second = await harness.openSecond();
      await put(harness.store, 'a', 'one');
      await put(second, 'b', 'two');
      for (const store of [harness.store, second])
        deepEqual(await notesOf(store), [
          ['a', 'one'],
          ['b', 'two'],
        ]);
    },
  },
];

/** Asked for only where the harness has a clock to turn. */
export const noteClockCases: readonly DurableCase[] = [
  {
    name: 'notes: their time is that of the clock that is turned',
    needs: 'keepsNotes',
    async run(harness: DurableHarness) {
      await put(harness.store, 'hour', 'x', { keepMs: 3_600_000 });
      await put(harness.store, 'day', 'x', { keepMs: 86_400_000 });
      await harness.turnClock(3_600_001);
      deepEqual(await notesOf(harness.store), [['day', 'x']]);
      await harness.turnClock(-7_200_000);
      await put(harness.store, 'earlier', 'x');
      deepEqual(
        (await notesOf(harness.store)).map(([name]) => name).filter((name) => name !== 'hour'),
        ['day', 'earlier'],
      );
    },
  },
];
