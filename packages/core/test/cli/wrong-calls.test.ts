import { setTimeout as pause } from 'node:timers/promises';
import { memoryStore, type Clock } from '@qbitflow/core';
import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { rejectionOf } from '../support/rejection-of.js';
import { withChanges } from '../support/shop.js';
import { merchantProject } from './merchant-project.js';

const STORE = ['--store', 'store.mjs'];

function openProject(changes: Parameters<typeof withChanges>[1] = {}, clock?: Clock) {
  const calls = { opened: 0, closed: 0 };
  const store = withChanges(memoryStore(), {
    init: async () => {
      calls.opened += 1;
    },
    close: async () => {
      calls.closed += 1;
    },
    ...changes,
  });
  return { ...merchantProject(store, clock), calls };
}

test.each([
  [[]],
  [['deliveries']],
  [['payments', 'list', ...STORE]],
  [['deliveries', 'burn', ...STORE]],
  [['deliveries', 'list']],
  [['deliveries', 'show', ...STORE]],
  [['deliveries', 'replay', ...STORE]],
  [['deliveries', 'discard', ...STORE]],
])('%j is answered with how to call it, and exit code 2', async (args) => {
  const { run, calls } = openProject();
  const { code, text } = await run(args);
  expect([code, calls.opened]).toEqual([2, 0]);
  expect(text).toContain('qbitflow deliveries replay <key> --store <store>');
});

test('--help is no mistake', async () => {
  const { run } = openProject();
  expect((await run(['--help'])).code).toBe(0);
});

test('the store may come from the environment; --store goes first', async () => {
  const { run } = openProject();
  const args = ['deliveries', 'stats', '--json'];
  expect((await run(args, { QBITFLOW_STORE: 'store.mjs' })).code).toBe(0);
  expect((await run([...args, ...STORE], { QBITFLOW_STORE: 'no-store.mjs' })).code).toBe(0);
});

test.each([
  [['--state', 'finished'], '--state is one of due, running, done, dead'],
  [['--limit', '0'], '--limit is a whole number from 1'],
  [['--limit', '1.5'], '--limit is a whole number from 1'],
  [['--limit', 'many'], '--limit is a whole number from 1'],
])('%j is refused before the store is opened', async (options, message) => {
  const { run, calls } = openProject();
  const error = await rejectionOf(run(['deliveries', 'list', ...options, ...STORE]));
  expect(error).toMatchObject({ message: expect.stringContaining(message) });
  expect(calls.opened).toBe(0);
});

test('a file without a store says what a store may be', async () => {
  const { run } = openProject();
  const error = await rejectionOf(run(['deliveries', 'list', '--store', 'no-store.mjs']));
  expect(error).toMatchObject({
    code: 'misconfigured',
    message: expect.stringContaining('sqlite:<file>, redis://…, postgres://…, or a file'),
  });
});

test('a store is closed when its command fails', async () => {
  const { run, calls } = openProject({
    stats: async () => {
      throw new Error('away');
    },
  });
  expect(await rejectionOf(run(['deliveries', 'stats', ...STORE]))).toMatchObject({
    message: 'away',
  });
  expect(calls).toEqual({ opened: 1, closed: 1 });
});

test('a store that cannot be prepared is closed too: an open client would keep the command alive', async () => {
  const { run, calls } = openProject({
    init: async () => {
      throw new Error('ECONNREFUSED');
    },
  });
  expect(await rejectionOf(run(['deliveries', 'stats', ...STORE]))).toMatchObject({
    message: 'ECONNREFUSED',
  });
  expect(calls.closed).toBe(1);
});

test.each([
  ['an unknown option', ['--colour', 'red'], "Unknown option '--colour'"],
  ['an option without its value', ['--state'], 'argument missing'],
])('%s is said, with how to call it', async (_what, args, said) => {
  const { run } = merchantProject(memoryStore());
  const { code, text } = await run(['deliveries', 'list', ...args]);
  expect(code).toBe(2);
  expect(text).toContain(said);
  expect(text).toContain('qbitflow deliveries list');
});

test.each([
  ['to be opened', 'init', 30_000, 'the store did not open within 30 s'],
  ['to answer', 'list', 120_000, 'the store did not answer within 120 s'],
  ['to be closed', 'close', 10_000, 'the store did not close within 10 s'],
] as const)('a store is not waited for forever %s', async (_what, method, ms, said) => {
  const clock = fakeClock();
  const calls: string[] = [];
  const never = async (): Promise<never> => {
    calls.push(method);
    return new Promise(() => undefined);
  };
  const { run } = openProject({ [method]: never }, clock);
  const failing = rejectionOf(run(['deliveries', 'list', ...STORE]));
  // Loading the merchant's file takes real time.
  while (calls.length === 0 || clock.waiting === 0) await pause(5);
  await clock.advance(ms);
  expect(await failing).toMatchObject({ code: 'store_unavailable' });
  expect(String(await failing)).toContain(said);
});

test('why a command failed is told, not that the store does not close either', async () => {
  const { run } = openProject({
    list: async () => Promise.reject(new Error('away')),
    close: async () => Promise.reject(new Error('nor that')),
  });
  expect(await rejectionOf(run(['deliveries', 'list', ...STORE]))).toMatchObject({
    message: 'away',
  });
});

test('what was asked for goes to stdout, why it was not done to stderr', async () => {
  const { runApart } = openProject();
  expect(await runApart(['--help'])).toMatchObject({ code: 0, err: '' });
  expect(await runApart(['deliveries', 'stats'])).toMatchObject({ code: 2, out: '' });
  expect((await runApart(['deliveries', 'stats'])).err).toContain('--store or QBITFLOW_STORE');
  for (const action of ['show', 'replay', 'discard']) {
    const { code, out, err } = await runApart(['deliveries', action, 'nobody', ...STORE]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('nobody');
  }
});
