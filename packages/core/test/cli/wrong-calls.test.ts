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

test('nothing at all is answered with all there is, and exit code 2', async () => {
  const { runApart } = openProject();
  const { code, out, err } = await runApart([]);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain('qbitflow deliveries replay <key> --store <store>');
});

const ACTIONS = 'list, show, replay, discard, stats';
const WHICH = 'say which: a <key>, or --state';

test.each<[readonly string[], string, string]>([
  [['deliveries'], 'qbitflow deliveries', `say what to do: ${ACTIONS}`],
  [['deliverys', 'list'], 'qbitflow', "there is no command 'deliverys': did you mean deliveries?"],
  [['recovr', '--since', '36h'], 'qbitflow', "there is no command 'recovr': did you mean recover?"],
  [
    ['payments', 'list', ...STORE],
    'qbitflow',
    "there is no command 'payments': there are doctor, deliveries, recover, recheck",
  ],
  [['deliveries', 'lst'], 'qbitflow deliveries', "there is no action 'lst': did you mean list?"],
  [
    ['deliveries', 'burn', ...STORE],
    'qbitflow deliveries',
    `there is no action 'burn': there are ${ACTIONS}`,
  ],
  [
    ['deliveries', 'list'],
    'qbitflow deliveries list',
    'say which store: --store or QBITFLOW_STORE',
  ],
  [['deliveries', 'show', ...STORE], 'qbitflow deliveries show', 'the <key> is missing'],
  [
    ['deliveries', 'show', 'a', 'b', ...STORE],
    'qbitflow deliveries show',
    "'b' is one word too many",
  ],
  [
    ['deliveries', 'list', 'dead', ...STORE],
    'qbitflow deliveries list',
    "'dead' is one word too many",
  ],
  [
    ['deliveries', 'replay', ...STORE],
    'qbitflow deliveries replay',
    `${WHICH} dead|done for all that match`,
  ],
  [
    ['deliveries', 'discard', ...STORE],
    'qbitflow deliveries discard',
    `${WHICH} dead for all that match`,
  ],
  [['deliveries', 'stats', '--yes', ...STORE], 'qbitflow deliveries stats', 'it takes no --yes'],
  [
    ['recover', ...STORE],
    'qbitflow recover',
    '--since is missing, e.g. --since 2026-10-01T12:00:00Z, or 36h',
  ],
  [['recheck', ...STORE], 'qbitflow recheck', 'the <uuid> is missing'],
  [['--colour'], 'qbitflow', "Unknown option '--colour'"],
  [
    ['recover', '--sinse', '36h'],
    'qbitflow recover',
    "Unknown option '--sinse', did you mean --since?",
  ],
  [
    ['deliveries', '--satte', 'dead'],
    'qbitflow deliveries',
    "Unknown option '--satte', did you mean --state?",
  ],
  [
    ['deliveries', 'list', '--json=yes'],
    'qbitflow deliveries list',
    "Option '--json' does not take an argument",
  ],
])('%j is one line that says what is wrong, and exit code 2', async (args, called, says) => {
  const { runApart, calls } = openProject();
  const { code, out, err } = await runApart(args);
  expect([code, out, calls.opened]).toEqual([2, '', 0]);
  expect(err).toBe(`${called}: ${says} (${called} --help)`);
});

test.each<[readonly string[], string, string]>([
  [['deliveries', 'list', '-h'], 'qbitflow deliveries list [filter]', 'qbitflow recover'],
  [['deliveries', '--help'], 'qbitflow deliveries discard <key>', 'qbitflow recover'],
  [['recover', '-h'], 'qbitflow recover --since <time>', '--cursor'],
  [['recheck', '-h'], 'qbitflow recheck <uuid>', '--since'],
  [['doctor', '-h'], 'qbitflow doctor [--url', 'qbitflow deliveries'],
])('%j is about that alone', async (args, its, others) => {
  const { runApart, calls } = openProject();
  const { code, out, err } = await runApart(args);
  expect([code, err, calls.opened]).toEqual([0, '', 0]);
  expect(out).toContain(its);
  expect(out).not.toContain(others);
});

test('an empty list is said so beside it, and is no line for programs', async () => {
  const { runApart } = openProject();
  const list = ['deliveries', 'list', ...STORE];
  const empty = { code: 0, out: '' };
  expect(await runApart(list)).toEqual({
    ...empty,
    err: 'there are no deliveries in this store',
  });
  expect(await runApart([...list, '--state', 'dead'])).toEqual({
    ...empty,
    err: 'no delivery matches',
  });
  expect(await runApart([...list, '--json'])).toEqual({ ...empty, err: '' });
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
