import type { DurableStore, NewDelivery } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { turnClock } from './support/clock.js';
import { delivery } from './support/deliveries.js';
import { freshFile, openStore } from './support/files.js';
import { openLibsql, rowsOf } from './support/handles.js';

// The same library as the handle that looks on: two in one process do not see each other's locks.
const driver = 'libsql';
const take = { limit: 5, leaseMs: 60_000 };

async function pile(
  store: DurableStore,
  name: string,
  count: number,
  facts: Partial<NewDelivery>,
): Promise<void> {
  const all = Array.from({ length: count }, (_, n) => delivery(`${name}${n}`, facts));
  await Promise.all(all.map(async (one) => store.record(one)));
}

/** Every query of a take that reads deliveries, and how SQLite goes about it. */
function plansOf(file: string, said: readonly string[]): readonly string[] {
  const handle = openLibsql(file);
  return said
    .filter((sql) => /qbitflow_deliveries\b/.test(sql))
    .flatMap((sql) =>
      rowsOf(handle, `EXPLAIN QUERY PLAN ${sql.replaceAll('?', '1')}`).map((row) =>
        String(Reflect.get(Object(row), 'detail')),
      ),
    );
}

test('ten thousand of an excluded and of a repeated subject stand in nobody’s way', async () => {
  const file = freshFile();
  const store = openStore(file, { driver, synchronous: 'normal' });
  await pile(store, 'a', 5_000, { subject: 'sub@a' });
  await pile(store, 'b', 5_000, { subject: 'sub@b' });
  await store.record(delivery('wanted'));
  const except = { ...take, exceptSubjects: ['sub@a', 'sub@b'] };
  expect((await store.takeDue(except)).map(({ subject }) => subject)).toEqual(['pay@wanted']);
  // What takers look at from now on: one of each.
  const handle = openLibsql(file);
  const heads = 'SELECT subject FROM qbitflow_deliveries WHERE head = 1 ORDER BY subject';
  expect(rowsOf(handle, heads)).toEqual([{ subject: 'sub@a' }, { subject: 'sub@b' }]);
  const [a, b] = await store.takeDue(take);
  expect([a?.key, b?.key]).toEqual([delivery('a0').key, delivery('b0').key]);
  expect(rowsOf(handle, heads)).toEqual([{ subject: 'sub@a' }, { subject: 'sub@b' }]);
  // Whoever asks again gets the next ones, in their order.
  const next = await store.takeDue(take);
  expect(next.map(({ key }) => key)).toEqual([delivery('a1').key, delivery('b1').key]);
  expect(await store.stats()).toMatchObject({ due: 9_996, running: 5 });
});

test('ten thousand retries whose time has come are put in line in steps, none forgotten', async () => {
  const store = openStore(freshFile(), { driver, synchronous: 'normal' });
  await pile(store, 'r', 1_200, {});
  for (let left = 1_200; left > 0;) {
    const taken = await store.takeDue({ limit: 500, leaseMs: 60_000 });
    left -= taken.length;
    const again = { delayMs: 1, error: 'x', succeeded: [] };
    await Promise.all(taken.map(async (claim) => store.retry(claim, again)));
  }
  await new Promise((resolve) => setTimeout(resolve, 10));
  const nobody = { ...take, types: { only: ['never.sent'] } };
  expect(await store.takeDue(nobody)).toEqual([]);
  let count = 0;
  for (let more = 1; more > 0; count += more)
    more = (await store.takeDue({ limit: 400, leaseMs: 60_000 })).length;
  expect(count).toBe(1_200);
});

test('a take reads by index alone', async () => {
  const file = freshFile();
  const said: string[] = [];
  const handle = openLibsql(file);
  const spied = {
    exec: (sql: string) => handle.exec(sql),
    prepare: (sql: string) => {
      said.push(sql);
      return handle.prepare(sql);
    },
    pragma: (source: string): unknown => handle.pragma(source),
    close: () => handle.close(),
  };
  const store = openStore(spied);
  await store.init?.();
  said.length = 0;
  await store.record(delivery(1));
  for (const types of [undefined, { only: ['a', 'payment.completed'] }, { except: ['a'] }])
    await store.takeDue({ ...take, types, exceptSubjects: ['x'] });
  await store.settleUnhandled({ types: { except: [] }, dueForMs: 0, limit: 5 });
  const plans = plansOf(file, said);
  expect(plans.some((plan) => plan.includes('qbitflow_deliveries_heads'))).toBe(true);
  expect(plans.filter((plan) => /^SCAN (?:qbitflow_deliveries|other)\b/.test(plan))).toEqual([]);
});

test('one handed back that was never tried keeps its place', async () => {
  const store = openStore(freshFile(), { driver });
  for (const name of ['1', '2']) {
    await store.record(delivery(name));
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  const [first] = await store.takeDue({ ...take, limit: 1 });
  const handBack = { delayMs: 0, counted: false, error: 'shutdown', succeeded: [] };
  await store.retry(first ?? { key: '', token: '' }, handBack);
  const [again] = await store.takeDue({ ...take, limit: 1 });
  expect(again?.key).toBe(first?.key);
});

test('settled are those that could have been taken for so long, not those whose time has just come', async () => {
  const file = freshFile();
  const store = openStore(file, { driver });
  await store.record(delivery('weekend'));
  await store.record(delivery('nobodys'));
  const [taken] = await store.takeDue({ ...take, limit: 1 });
  turnClock(openLibsql(file), 3_600_000);
  const putOff = { delayMs: 1, error: 'closed', succeeded: [] };
  await store.retry(taken ?? { key: '', token: '' }, putOff);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await store.takeDue({ ...take, types: { only: ['never.sent'] } });
  const settle = { types: { except: [] }, dueForMs: 1_800_000, limit: 10 };
  expect(await store.settleUnhandled(settle)).toBe(1);
  expect(await store.get(delivery('nobodys').key)).toMatchObject({ unhandled: true });
  expect(await store.get(delivery('weekend').key)).toMatchObject({ state: 'due' });
});
