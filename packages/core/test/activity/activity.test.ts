import { DURATION_BOUNDS_MS, memoryStore, type DurableStore, type QBitFlow } from '@qbitflow/core';
import { fakeClock, fixtures, type FakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { rejectionOf } from '../support/rejection-of.js';
import { settle } from '../support/settle.js';
import { openShop, withChanges } from '../support/shop.js';

const START = 1_790_856_000_000;
const MINUTE_MS = 60_000;
const PAYMENT = 'payment.completed';

/** A store that several kits of this test share, as processes share a database. */
function sharedStore(clock: FakeClock, changes: Partial<DurableStore> = {}): DurableStore {
  return withChanges(memoryStore({ clock }), { durable: true, ...changes });
}

function durations(counts: Readonly<Record<number, number>>): number[] {
  return [...DURATION_BOUNDS_MS, Infinity].map((bound) => counts[bound] ?? 0);
}

async function wait(clock: FakeClock, ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    clock.after(ms, resolve);
  });
}

/** What tells the others is loaded with the first note: from now on that takes no time but the clock's. */
async function startLoaded(kit: QBitFlow): Promise<void> {
  await kit.start();
  await kit.deliveries.activity();
}

const NOTHING = { received: 0, duplicates: 0, done: 0, failed: 0, dead: 0, totalMs: 0 };

test('counts what came, what was done and how long handlers took, by minute and hour', async () => {
  const { kit, clock, deliver } = openShop({ handlers: { maxAttempts: 2 } });
  kit.on(PAYMENT, async () => wait(clock, 30));
  kit.on('refund.requested', () => {
    throw new Error('no');
  });
  await kit.start();
  const body = fixtures.v2[PAYMENT]();
  await deliver(body);
  await deliver(body);
  await clock.advance(1_000);
  await deliver(fixtures.v2['refund.requested']());
  await clock.advance(MINUTE_MS);
  const { minutes, hours } = await kit.deliveries.activity();
  const paid = {
    ...NOTHING,
    received: 2,
    duplicates: 1,
    done: 1,
    totalMs: 30,
    durations: durations({ 50: 1 }),
  };
  const refund = { ...NOTHING, received: 1, failed: 2, dead: 1, durations: durations({ 1: 2 }) };
  const types = { [PAYMENT]: paid, 'refund.requested': refund };
  expect(minutes).toEqual([{ from: START, types }]);
  expect(hours).toEqual([{ from: START, types }]);
});

test('tells of the last hour by minutes and of the last day by hours', async () => {
  const { kit, clock, deliver } = openShop({ processing: 'elsewhere' });
  const body = fixtures.v2[PAYMENT]();
  const spans = async () => {
    const { minutes, hours } = await kit.deliveries.activity();
    return [minutes, hours].map((some) => some.map(({ from }) => (from - START) / MINUTE_MS));
  };
  await deliver(body);
  await clock.advance(59.5 * MINUTE_MS);
  await deliver(body);
  expect(await spans()).toEqual([[0, 59], [0]]);
  await clock.advance(MINUTE_MS);
  await deliver(body);
  expect(await spans()).toEqual([
    [59, 60],
    [0, 60],
  ]);
  await clock.advance(23 * 60 * MINUTE_MS);
  expect(await spans()).toEqual([[], [60]]);
});

test('types without end are counted as one from the 65th on', async () => {
  const { kit, deliver } = openShop({ processing: 'elsewhere' });
  for (let number = 0; number < 100; number += 1) {
    const event = { ...fixtures.v2[PAYMENT](), id: `evt_${number}`, type: `made.up${number}` };
    await deliver(event);
  }
  const [minute] = (await kit.deliveries.activity()).minutes;
  const counts = Object.values(minute?.types ?? {});
  expect(counts).toHaveLength(65);
  expect(counts.reduce((sum, { received }) => sum + received, 0)).toBe(100);
  expect(minute?.types['other']?.received).toBe(36);
});

test('processes that share a store tell each other, and who is there', async () => {
  const clock = fakeClock();
  const store = sharedStore(clock);
  const receiver = openShop({ clock, store, holder: 'web:1', processing: 'elsewhere' });
  const worker = openShop({ clock, store, holder: 'worker:2', handlers: { concurrency: 3 } });
  worker.kit.on(PAYMENT, async () => wait(clock, 45_000));
  await Promise.all([startLoaded(receiver.kit), startLoaded(worker.kit)]);
  await receiver.deliver(fixtures.v2[PAYMENT]());
  await clock.advance(41_000);
  const presence = [
    { name: 'web:1', running: 0, concurrency: 0 },
    { name: 'worker:2', running: 1, concurrency: 3 },
  ];
  for (const { kit } of [receiver, worker]) {
    const { processes, minutes } = await kit.deliveries.activity();
    expect(processes).toMatchObject(presence);
    expect(minutes).toMatchObject([{ from: START, types: { [PAYMENT]: { received: 1 } } }]);
  }
  await clock.advance(40_000);
  for (const { kit } of [receiver, worker]) {
    const [hour] = (await kit.deliveries.activity()).hours;
    expect(hour?.types[PAYMENT]).toMatchObject({ received: 1, done: 1 });
  }
});

test('what a process did stays told after it has ended; it is there for two minutes more', async () => {
  const clock = fakeClock();
  const store = sharedStore(clock, { close: async () => undefined });
  const first = openShop({ clock, store, holder: 'web:1' });
  const second = openShop({ clock, store, holder: 'web:2' });
  await Promise.all([startLoaded(first.kit), startLoaded(second.kit)]);
  await clock.advance(12_000);
  await first.deliver(fixtures.v2[PAYMENT]());
  // Shut down before it told by itself.
  await first.close();
  const activity = async () => second.kit.deliveries.activity();
  expect((await activity()).minutes[0]?.types[PAYMENT]?.received).toBe(1);
  expect((await activity()).processes.map(({ name }) => name)).toEqual(['web:1', 'web:2']);
  await clock.advance(2 * MINUTE_MS);
  expect((await activity()).processes.map(({ name }) => name)).toEqual(['web:2']);
});

test('a kit of the same name is another one: a restarted container replaces nothing', async () => {
  const clock = fakeClock();
  const store = sharedStore(clock);
  const start = async () => {
    const shop = openShop({ clock, store, holder: 'shop:1', processing: 'elsewhere' });
    await startLoaded(shop.kit);
    await shop.deliver(fixtures.v2[PAYMENT]());
    await clock.advance(11_000);
  };
  await start();
  await start();
  const { kit } = openShop({ clock, store, processing: 'elsewhere' });
  const [minute] = (await kit.deliveries.activity()).minutes;
  expect(minute?.types[PAYMENT]).toMatchObject({ received: 2, duplicates: 1 });
});

test('notes that are wrong, foreign or from another time are left out', async () => {
  const clock = fakeClock();
  const store = sharedStore(clock);
  const row = [1, 0, 1, 0, 0, 1, ...durations({ 1: 1 })];
  const put = async (name: string, value: unknown) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    await store.putNote?.(name, text, { keepMs: MINUTE_MS });
  };
  await put(`activity/minute/a/${START}`, { good: row, __proto__: row });
  await put(`activity/minute/b/${START}`, '{"__proto__":[1]');
  await put(`activity/minute/c/${START}`, [row]);
  await put(`activity/minute/d/${START}`, { short: row.slice(1), long: [...row, 1], text: '1' });
  await put(`activity/minute/e/${START}`, {
    negative: row.map(() => -1),
    broken: row.map(() => 0.5),
  });
  await put(`activity/minute/f/${START + 1}`, { crooked: row });
  await put(`activity/minute/g/${START - 60 * MINUTE_MS}`, { old: row });
  await put(`activity/minute/h/${START + 60 * MINUTE_MS}`, { future: row });
  await put('activity/minute/i', { timeless: row });
  await put('activity/process/a', { name: 'good', running: 0, concurrency: 1 });
  await put('activity/process/b', { name: 7, running: 0, concurrency: 1 });
  await put('activity/process/c', { name: 'much', running: 1e300, concurrency: 1 });
  await put('activity/process/d', 'null');
  const { kit } = openShop({ clock, store, processing: 'elsewhere' });
  const { minutes, processes } = await kit.deliveries.activity();
  expect(minutes.map(({ types }) => Object.keys(types))).toEqual([['good']]);
  expect(processes.map(({ name }) => name)).toEqual(['good']);
});

test('a store that keeps no note for a while is told later, and nobody else notices', async () => {
  const clock = fakeClock();
  const inner = sharedStore(clock);
  let isAway = true;
  const store = withChanges(inner, {
    putNote: async (...note) => {
      if (isAway) throw new Error('away');
      await inner.putNote?.(...note);
    },
  });
  const { kit, deliver, logger, errors } = openShop({ clock, store });
  kit.on(PAYMENT, () => undefined);
  await startLoaded(kit);
  expect((await deliver(fixtures.v2[PAYMENT]())).status).toBe(200);
  await clock.advance(30_000);
  expect(logger.withCode('activity_not_told').length).toBeGreaterThan(0);
  expect(errors).toEqual([]);
  isAway = false;
  await clock.advance(30_000);
  const notes = (await inner.notes?.('activity/minute/')) ?? [];
  expect(notes.map(({ text }) => JSON.parse(text)[PAYMENT][0])).toEqual([1]);
});

test('where nothing happens only presence is told, every half minute; on a store without others nothing is', async () => {
  const clock = fakeClock();
  const puts: string[] = [];
  const counting = { putNote: async (name: string) => void puts.push(name) };
  await startLoaded(openShop({ clock, store: sharedStore(clock, counting) }).kit);
  const alone = withChanges(memoryStore({ clock }), counting);
  await startLoaded(openShop({ clock, store: alone }).kit);
  await clock.advance(10 * MINUTE_MS);
  expect(puts.length).toBeLessThanOrEqual(21);
  expect(puts.length).toBeGreaterThanOrEqual(18);
  expect(puts.every((name) => name.startsWith('activity/process/'))).toBe(true);
});

test('a store without notes tells of this process alone; one that is away is said', async () => {
  const clock = fakeClock();
  const plain: DurableStore = sharedStore(clock);
  Reflect.deleteProperty(plain, 'putNote');
  Reflect.deleteProperty(plain, 'notes');
  const { kit, deliver } = openShop({ clock, store: plain, holder: 'web:1' });
  await kit.start();
  await deliver(fixtures.v2[PAYMENT]());
  await settle();
  const { minutes, processes } = await kit.deliveries.activity();
  expect(minutes).toMatchObject([{ types: { [PAYMENT]: { received: 1 } } }]);
  expect(processes).toMatchObject([{ name: 'web:1', seenAt: START }]);
  const away = async () => {
    throw new Error('away');
  };
  const other = openShop({ clock, store: sharedStore(clock, { notes: away }) });
  expect(await rejectionOf(other.kit.deliveries.activity())).toMatchObject({ message: 'away' });
});

test('what was dead on arrival is counted as given up', async () => {
  const { kit, store, deliver } = openShop({ processing: 'elsewhere' });
  await deliver({ odd: true });
  const [item] = (await store.list({})).items;
  const [minute] = (await kit.deliveries.activity()).minutes;
  expect(item?.state).toBe('dead');
  expect(minute?.types[item?.type ?? '']).toMatchObject({ received: 1, dead: 1, done: 0 });
});
