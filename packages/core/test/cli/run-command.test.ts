import { memoryStore } from '@qbitflow/core';
import { fakeClock, FIXTURE_IDS, fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { payment } from '../support/deliveries.js';
import { withChanges } from '../support/shop.js';
import { merchantProject } from './merchant-project.js';

const STORE = ['--store', 'store.mjs'];
const { key: DEAD } = payment(1);

/** One dead letter and two that are due; `closed` counts how often the store was let go. */
async function openProject() {
  const clock = fakeClock();
  const inner = memoryStore({ clock });
  const calls = { inits: 0, closed: 0 };
  const store = withChanges(inner, {
    init: async () => {
      calls.inits += 1;
    },
    close: async () => {
      calls.closed += 1;
    },
  });
  await store.record(payment(1, { dead: 'fulfil: sold out' }));
  await store.record(payment(2));
  await store.record(payment(3, { type: 'refund.completed', subject: 'refund@1' }));
  return { ...merchantProject(store), store, calls };
}

test('list shows the newest first, a line each', async () => {
  const { run, calls } = await openProject();
  const { code, text } = await run(['deliveries', 'list', ...STORE]);
  expect(code).toBe(0);
  expect(text.split('\n')).toEqual([
    `due      2026-10-01T12:00:00.000Z   0  refund.completed              ${payment(3).key}`,
    `due      2026-10-01T12:00:00.000Z   0  payment.completed             ${payment(2).key}`,
    `dead     2026-10-01T12:00:00.000Z   0  payment.completed             ${DEAD}  fulfil: sold out`,
  ]);
  expect(calls).toEqual({ inits: 1, closed: 1 });
});

test.each([
  [['--state', 'dead'], [1]],
  [['--type', 'refund.completed'], [3]],
  [['--subject', 'refund@1'], [3]],
  [['--state', 'done'], []],
])('list %j shows what matches', async (filter, numbers) => {
  const { run } = await openProject();
  const { text } = await run(['deliveries', 'list', '--json', ...filter, ...STORE]);
  const keys = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).key]));
  expect(keys).toEqual(numbers.map((number) => payment(number).key));
});

test('list goes on where its cursor says', async () => {
  const { run } = await openProject();
  const first = await run(['deliveries', 'list', '--limit', '2', ...STORE]);
  const cursor = /^more: --cursor (\S+)$/m.exec(first.text)?.[1] ?? '';
  const rest = await run(['deliveries', 'list', '--limit', '2', '--cursor', cursor, ...STORE]);
  expect(rest.text).toContain(DEAD);
  expect(rest.text).not.toContain('more:');
});

test('list --json writes one value a line and no bodies, and the cursor of the next page last', async () => {
  const { run } = await openProject();
  const { text } = await run(['deliveries', 'list', '--json', '--limit', '1', ...STORE]);
  const [value, last] = text.split('\n').map((line): unknown => JSON.parse(line));
  expect(last).toEqual({ nextCursor: expect.any(String) });
  expect(value).toMatchObject({ key: payment(3).key, state: 'due', started: 0 });
  expect(value).not.toHaveProperty('raw');
});

test('show tells everything, times in words and the body as sent', async () => {
  const { run } = await openProject();
  const { code, text } = await run(['deliveries', 'show', DEAD, ...STORE]);
  expect(code).toBe(0);
  expect(text).toContain('lastError    fulfil: sold out');
  expect(text).toContain('recordedAt   2026-10-01T12:00:00.000Z');
  expect(text.split('\n').at(-1)).toBe(Buffer.from(payment(1).raw).toString('utf8'));
});

test('show --json has the bytes in base64', async () => {
  const { run } = await openProject();
  const { text } = await run(['deliveries', 'show', DEAD, '--json', ...STORE]);
  const { raw } = JSON.parse(text);
  expect(Buffer.from(String(raw), 'base64')).toEqual(Buffer.from(payment(1).raw));
});

test('show of an unknown key is exit code 1', async () => {
  const { run } = await openProject();
  expect(await run(['deliveries', 'show', 'nobody', ...STORE])).toEqual({
    code: 1,
    text: 'no delivery has the key nobody',
  });
});

test('replay makes a dead letter due, and says when there is none', async () => {
  const { run, store } = await openProject();
  const replay = ['deliveries', 'replay', DEAD, ...STORE];
  expect(await run(replay)).toEqual({ code: 0, text: `${DEAD} replayed` });
  expect((await store.get(DEAD))?.state).toBe('due');
  const again = { code: 1, text: `${DEAD} is no dead letter, nothing was replayed` };
  expect(await run(replay)).toEqual(again);
});

test('discard forgets a dead letter, and leaves everything else', async () => {
  const { run, store } = await openProject();
  expect(await run(['deliveries', 'discard', DEAD, ...STORE])).toEqual({
    code: 0,
    text: `${DEAD} discarded`,
  });
  expect(await store.get(DEAD)).toBeUndefined();
  expect((await run(['deliveries', 'discard', payment(2).key, ...STORE])).code).toBe(1);
  expect((await store.get(payment(2).key))?.state).toBe('due');
});

test('stats counts, for people and for programs', async () => {
  const { run } = await openProject();
  const people = await run(['deliveries', 'stats', ...STORE]);
  const lines = people.text.split('\n');
  expect(lines).toContain('due             2');
  expect(lines).toContain('dead            1');
  const programs = await run(['deliveries', 'stats', '--json', ...STORE]);
  expect(JSON.parse(programs.text)).toMatchObject({ due: 2, running: 0, done: 0, dead: 1 });
});

test('a store that was written before there were references is given none, also by a replay', async () => {
  const old = memoryStore({ clock: fakeClock() });
  const store = withChanges(old, {
    record: async (delivery, options) => {
      if ('reference' in delivery) throw new Error('there is no column reference');
      return old.record(delivery, options);
    },
  });
  for (const name of ['putNote', 'notes']) Reflect.deleteProperty(store, name);
  const body = fixtures.v2['payment.completed']({ data: { reference: 'order-4' } });
  const raw = Buffer.from(JSON.stringify(body));
  await store.record(payment(4, { type: 'unreadable', dead: 'no', key: 'unreadable:4', raw }));
  const { run } = merchantProject(store);
  const { code, text } = await run(['deliveries', 'replay', 'unreadable:4', ...STORE]);
  expect(text).toBe(`unreadable:4 replayed as payment.completed:${FIXTURE_IDS.payment}`);
  expect(code).toBe(0);
});

test('replay of what could not be read says under which key it goes on, or why it does not', async () => {
  const { run, store } = await openProject();
  const replay = async (key: string) => run(['deliveries', 'replay', key, ...STORE]);
  const unreadable = { type: 'unreadable', dead: 'no', raw: Buffer.from(payment(4).raw) };
  await store.record(payment(4, { ...unreadable, key: 'unreadable:4' }));
  await store.record(payment(4, { ...unreadable, key: 'unreadable:again' }));
  await store.record(
    payment(5, { ...unreadable, key: 'unreadable:5', raw: Buffer.from('<xml/>') }),
  );
  const { key } = payment(4);
  expect(await replay('unreadable:4')).toEqual({
    code: 0,
    text: `unreadable:4 replayed as ${key}`,
  });
  expect((await store.get(key))?.state).toBe('due');
  expect(await replay('unreadable:again')).toEqual({
    code: 1,
    text: `unreadable:again says what is known as ${key} already, nothing was replayed`,
  });
  expect(await replay('unreadable:5')).toEqual({
    code: 1,
    text: 'unreadable:5 still cannot be read (the body is not JSON), nothing was replayed: update the kit, or discard it',
  });
  expect((await store.get('unreadable:5'))?.state).toBe('dead');
});

test('what was done without a handler is listed by itself, and replayed by type', async () => {
  const { run, store } = await openProject();
  const unhandled = { unhandled: 'test money in a live shop' };
  await store.record(payment(6, unhandled));
  await store.record(payment(7, { ...unhandled, type: 'refund.denied' }));
  const list = ['deliveries', 'list', '--unhandled', ...STORE];
  expect((await run(list)).text.split('\n')).toHaveLength(2);
  const replay = ['deliveries', 'replay', '--unhandled', ...STORE];
  expect((await run(replay)).code).toBe(2);
  expect(await run([...replay, '--type', 'payment.completed'])).toEqual({
    code: 0,
    text: '1 of type payment.completed replayed',
  });
  expect((await run(list)).text).toContain(payment(7).key);
  expect((await store.get(payment(6).key))?.state).toBe('due');
});
