import { memoryStore } from '@qbitflow/core';
import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { payment } from '../support/deliveries.js';
import { merchantProject } from './merchant-project.js';

const STORE = ['--store', 'store.mjs'];
const HOUR_MS = 3_600_000;

/** Four dead letters, an hour apart, the first of which is another's. */
async function openProject() {
  const clock = fakeClock();
  const store = memoryStore({ clock });
  for (const number of [1, 2, 3, 4]) {
    const reference = number === 1 ? 'theirs' : 'mine';
    await store.record(payment(number, { dead: `ship: Sold out ${number}`, reference }));
    await clock.advance(HOUR_MS);
  }
  const { run } = merchantProject(store);
  const deliveries = async (...args: string[]) => run(['deliveries', ...args, ...STORE]);
  return { store, clock, deliveries };
}

const keys = (...numbers: number[]) => numbers.map((number) => payment(number).key);

test.each([
  [
    ['--reference', 'mine'],
    [4, 3, 2],
  ],
  [['--reference', 'min'], []],
  [['--error', 'SOLD OUT 3'], [3]],
  [
    ['--since', '2026-10-01T14:00:00Z'],
    [4, 3],
  ],
  [
    ['--until', '2026-10-01T14:00:00Z'],
    [2, 1],
  ],
  [
    ['--since', '2026-10-01T13:00:00Z', '--until', '2026-10-01T15:00:00Z', '--error', 'out'],
    [3, 2],
  ],
])('list %j finds what it says', async (filter, numbers) => {
  const { deliveries } = await openProject();
  const { text } = await deliveries('list', '--json', ...filter);
  const found = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).key]));
  expect(found).toEqual(keys(...numbers));
});

test.each(['--since', '--until'])('a time that is none is said so: %s', async (name) => {
  const { deliveries } = await openProject();
  await expect(deliveries('list', name, 'yesterday')).rejects.toMatchObject({
    code: 'misconfigured',
    message: expect.stringContaining(`${name} is a time such as`),
  });
});

test('show tells what happened, in its order, with what each handler said', async () => {
  const { store, deliveries } = await openProject();
  const [key = ''] = keys(1);
  await store.record(payment(1));
  await store.replay(key);
  const [taken] = await store.takeDue({ limit: 1, leaseMs: 1_000, holder: 'web-1:4711' });
  if (taken === undefined) throw new Error('nothing is due');
  const failed = {
    handler: 'ship',
    durationMs: 7,
    error: 'sold\nout',
    stack: 'Error: sold\n  at x',
  };
  const handlers = [{ handler: 'mail', durationMs: 5 }, failed];
  const facts = { number: 1, startedAt: 1_790_872_200_000, durationMs: 12, holder: 'web-1:4711' };
  const attempt = { ...facts, outcome: 'dead', handlers } as const;
  await store.bury(taken, { error: 'ship: sold out', succeeded: ['mail'], attempt });
  const { text } = await deliveries('show', key);
  const lines = text.split('\n');
  expect(lines).toContain('reference    theirs');
  const from = lines.indexOf('2026-10-01T16:30:00.000Z  attempt 1 by web-1:4711: dead after 12 ms');
  expect(lines.slice(from - 1, from + 7)).toEqual([
    '2026-10-01T12:00:00.000Z  recorded',
    '2026-10-01T16:30:00.000Z  attempt 1 by web-1:4711: dead after 12 ms',
    '                          mail, 5 ms: succeeded',
    '                          ship, 7 ms: sold out',
    '                            Error: sold',
    '                              at x',
    '2026-10-01T16:00:00.000Z  dead',
    'came again 1 times',
  ]);
  const programs = await deliveries('show', key, '--json');
  expect(JSON.parse(programs.text)).toMatchObject({ attempts: [attempt], duplicates: 1 });
});

test('replay of all that match says how many, and does it once that is confirmed', async () => {
  const { store, deliveries } = await openProject();
  const all = ['replay', '--state', 'dead', '--reference', 'mine'];
  expect(await deliveries(...all)).toEqual({
    code: 1,
    text: '3 deliveries match, nothing was changed: add --yes to do it to all of them',
  });
  expect((await store.stats()).dead).toBe(4);
  expect(await deliveries(...all, '--yes')).toEqual({ code: 0, text: '3 replayed' });
  expect(await store.stats()).toMatchObject({ dead: 1, due: 3 });
  const again = await deliveries(...all, '--yes', '--json');
  expect(JSON.parse(again.text)).toEqual({ replayed: 0, matched: 0, changed: 0 });
});

test('one that matches needs no confirmation', async () => {
  const { store, deliveries } = await openProject();
  const discard = ['discard', '--state', 'dead', '--error', 'out 2'];
  expect(await deliveries(...discard)).toEqual({ code: 0, text: '1 discarded' });
  expect(await store.get(payment(2).key)).toBeUndefined();
  expect((await store.stats()).dead).toBe(3);
});

test('discard of all that match, for programs', async () => {
  const { store, deliveries } = await openProject();
  const { text } = await deliveries('discard', '--state', 'dead', '--yes', '--json');
  expect(JSON.parse(text)).toEqual({ discarded: 4, matched: 4, changed: 4 });
  expect((await store.stats()).dead).toBe(0);
});

test.each([
  [['replay', '--yes']],
  [['replay', '--state', 'due', '--yes']],
  [['discard', '--yes']],
  [['discard', '--state', 'done', '--yes']],
  [['discard', '--unhandled', '--type', 'payment.completed', '--yes']],
])('%j does not say which: a wrong call', async (call) => {
  const { store, deliveries } = await openProject();
  expect((await deliveries(...call)).code).toBe(2);
  expect((await store.stats()).dead).toBe(4);
});

test('a page is no answer to "all that match"', async () => {
  const { deliveries } = await openProject();
  const call = deliveries('replay', '--state', 'dead', '--limit', '2', '--yes');
  await expect(call).rejects.toMatchObject({ code: 'misconfigured' });
});
