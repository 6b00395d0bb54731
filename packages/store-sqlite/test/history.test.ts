import { setTimeout as pause } from 'node:timers/promises';
import { KEPT_ATTEMPTS, type AttemptRecord } from '@qbitflow/core/store';
import { expect, test } from 'vitest';
import { delivery, takeOne } from './support/deliveries.js';
import { freshFile, openStore } from './support/files.js';
import { drivers, openHandle, rowsOf } from './support/handles.js';

const LEASE = 30_000;
const none = { succeeded: [] };

/** An attempt as the kit tells of it. */
function attempt(number: number, changes: Partial<AttemptRecord> = {}): AttemptRecord {
  const handlers = [{ handler: 'ship', durationMs: 3, error: `no. ${number} [x]]` }];
  const startedAt = 1_790_856_000_000 + number;
  return { number, startedAt, durationMs: 5.25, outcome: 'retried', handlers, ...changes };
}

test.each(drivers)('the last ten attempts are kept as they ended: %s', async (driver) => {
  const store = openStore(freshFile(), { driver });
  const { key } = delivery('tried');
  await store.record(delivery('tried'));
  const handlers = [{ handler: 'a\0\uD800"{},\\ ä', durationMs: 1, stack: 'at x\n  at y' }];
  for (let number = 1; number <= 12; number += 1) {
    const again = { delayMs: 0, error: 'x', ...none, attempt: attempt(number, { handlers }) };
    expect(await store.retry(await takeOne(store), again)).toBe('ok');
  }
  const last = attempt(13, { outcome: 'dead', holder: 'web-1:7' });
  await store.bury(await takeOne(store), { error: 'x', ...none, attempt: last });
  const { attempts } = (await store.get(key)) ?? {};
  expect(attempts).toHaveLength(KEPT_ATTEMPTS);
  expect(attempts?.map(({ number }) => number)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  expect(attempts?.[0]).toEqual(attempt(4, { handlers }));
  expect(attempts?.at(-1)).toEqual(last);
  expect((await store.list({})).items[0]?.attempts).toBeUndefined();
  await store.replay(key);
  const lost = { key, token: 'another' };
  expect(await store.complete(lost, { ...none, attempt: attempt(1) })).toBe('lost');
  await store.complete(await takeOne(store), { ...none, attempt: attempt(1) });
  expect((await store.get(key))?.attempts?.at(-1)).toEqual(attempt(1));
});

test.each(drivers)(
  'what somebody wrote by hand keeps no attempt from ending: %s',
  async (driver) => {
    const file = freshFile();
    const store = openStore(file, { driver });
    await store.record(delivery(1));
    const taken = await takeOne(store);
    const handle = await openHandle(file, driver);
    handle.exec("UPDATE qbitflow_deliveries SET attempts = 'not [json'");
    expect((await store.get(taken.key))?.attempts).toEqual([]);
    expect(await store.complete(taken, { ...none, attempt: attempt(1) })).toBe('ok');
    expect((await store.get(taken.key))?.attempts).toEqual([attempt(1)]);
  },
);

test.each(drivers)('an attempt may end in a handler’s transaction: %s', async (driver) => {
  const store = openStore(freshFile(), { driver });
  await store.record(delivery(1));
  const taken = await takeOne(store);
  await store.transaction?.(async (tx) => {
    await store.completeWithin?.(tx, taken, { succeeded: ['a'], done: false });
    await store.completeWithin?.(tx, taken, { ...none, done: true, attempt: attempt(1) });
  });
  expect(await store.get(taken.key)).toMatchObject({
    state: 'done',
    succeeded: ['a'],
    attempts: [attempt(1)],
  });
});

test.each(drivers)('who holds it and until when is told while it is held: %s', async (driver) => {
  const store = openStore(freshFile(), { driver });
  const holder = 'web-1:4711 (blue)';
  const before = Date.now() - 1_000;
  await store.record(delivery('recorded'), { leaseMs: LEASE, holder });
  await store.record(delivery('taken'));
  const [taken] = await store.takeDue({ limit: 1, leaseMs: 1_000, holder: 'web-2' });
  if (taken === undefined) throw new Error('one was due');
  expect(await store.extend(taken, { leaseMs: LEASE, ...none })).toBe('ok');
  const { items } = await store.list({ state: 'running' });
  expect(items.map((item) => item.holder)).toEqual(['web-2', holder]);
  for (const { leaseUntil } of items) expect(leaseUntil).toBeGreaterThan(before + LEASE);
  expect(await store.complete(taken, none)).toBe('ok');
  const done = await store.get(taken.key);
  expect([done?.holder, done?.leaseUntil]).toEqual([undefined, undefined]);
  const unsaid = store.takeDue({ limit: 1, leaseMs: 1, holder: 'two\nlines' });
  await expect(unsaid).rejects.toMatchObject({ code: 'misconfigured' });
});

test.each(drivers)('what comes again is counted while its body is kept: %s', async (driver) => {
  const file = freshFile();
  const store = openStore(file, { driver });
  const { key } = delivery('again');
  await Promise.all([1, 2, 3].map(async () => store.record(delivery('again'))));
  await openStore(file, { driver }).record(delivery('again'));
  expect(await store.get(key)).toMatchObject({ duplicates: 3 });
  expect((await store.list({})).items[0]).toMatchObject({ duplicates: 3 });
  await store.complete(await takeOne(store), none);
  await store.record(delivery('again'));
  expect(await store.get(key)).toMatchObject({ duplicates: 4, state: 'done' });
  expect(await store.prune({ doneForMs: 0, limit: 9 })).toBe(1);
  expect(await store.record(delivery('again'))).toEqual({ status: 'duplicate', state: 'done' });
  expect(await store.get(key)).toBeUndefined();
});

test.each(drivers)('notes are kept for as long as was said: %s', async (driver) => {
  const file = freshFile();
  const store = openStore(file, { driver });
  const keepMs = 60_000;
  await store.putNote?.('a/2', 'two', { keepMs });
  await store.putNote?.('a/1', 'one', { keepMs });
  await openStore(file, { driver }).putNote?.('a/1', 'uno', { keepMs });
  await store.putNote?.('a/gone', 'x', { keepMs: 1 });
  await pause(10);
  await store.putNote?.('b', 'ä\u{1F600}\uD800', { keepMs });
  const kept = await store.notes?.('a/');
  expect(kept?.map(({ name, text }) => [name, text])).toEqual([
    ['a/1', 'uno'],
    ['a/2', 'two'],
  ]);
  expect(kept?.[0]?.at).toBeGreaterThan(Date.now() - 60_000);
  expect((await store.notes?.(''))?.map(({ text }) => text)).toEqual([
    'uno',
    'two',
    'ä\u{1F600}\uFFFD',
  ]);
  expect(await store.notes?.('%')).toEqual([]);
  const handle = await openHandle(file, driver);
  const names = () => rowsOf(handle, 'SELECT name FROM qbitflow_deliveries_notes');
  expect(names()).toHaveLength(3);
  await store.putNote?.('b', '', { keepMs: 0 });
  expect(names()).toHaveLength(2);
  for (const [name, text, ms] of [
    ['', 'x', 1],
    ['ä', 'x', 1],
    ['x'.repeat(201), 'x', 1],
    ['big', 'ä'.repeat(32 * 1024 + 1), 1],
    ['ever', 'x', Infinity],
  ] as const)
    await expect(store.putNote?.(name, text, { keepMs: ms })).rejects.toMatchObject({
      code: 'misconfigured',
    });
});
