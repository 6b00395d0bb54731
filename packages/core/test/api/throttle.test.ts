import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import {
  createThrottle,
  type CallOutcome,
  type Standing,
  type ThrottleLimits,
} from '../../src/api/throttle.js';
import { settle } from '../support/settle.js';

const WIDE: ThrottleLimits = {
  maxInFlight: 2,
  maxInFlightOf: { vouched: 2, unknown: 2 },
  calls: { perSecond: 1_000, burst: 1_000 },
  misses: { perSecond: 1_000, burst: 1_000 },
  maxWaiting: 100,
};

/** A throttle whose calls are answered by hand. */
function openThrottle(limits: Partial<ThrottleLimits> = {}) {
  const clock = fakeClock();
  const throttle = createThrottle(clock, { ...WIDE, ...limits });
  const begun: string[] = [];
  const turnedAway: string[] = [];
  const running = new Map<string, (outcome: CallOutcome) => void>();
  const wanted = new Set<string>();
  function submit(name: string, standing: Standing, { client = '', ahead = false } = {}) {
    wanted.add(name);
    const call = {
      client,
      run: async () => {
        begun.push(name);
        return new Promise<CallOutcome>((resolve) => running.set(name, resolve));
      },
      isWanted: () => wanted.has(name),
      turnedAway: (why: string) => turnedAway.push(`${name} ${why}`),
    };
    return throttle.submit(call, standing, ahead);
  }
  async function end(name: string, outcome: CallOutcome = { result: 'found' }): Promise<void> {
    running.get(name)?.(outcome);
    await settle();
  }
  return { clock, throttle, begun, turnedAway, wanted, submit, end };
}

test('no more at once than allowed; known ones first, then strangers, then who can be shown something', async () => {
  const { submit, begun, end } = openThrottle();
  submit('a', 'unknown');
  submit('b', 'unknown');
  submit('refresh', 'refresh');
  submit('unknown', 'unknown');
  submit('known', 'known');
  expect(begun).toEqual(['a', 'b']);
  for (const name of ['a', 'b', 'known']) await end(name);
  expect(begun).toEqual(['a', 'b', 'known', 'unknown', 'refresh']);
});

test('strangers never have every place', async () => {
  const { submit, begun } = openThrottle({ maxInFlightOf: { vouched: 1, unknown: 1 } });
  submit('a', 'unknown');
  submit('b', 'unknown');
  submit('refresh', 'refresh');
  expect(begun).toEqual(['a', 'refresh']);
});

test('strangers who find nothing use up their rate; who finds something does not', async () => {
  const { submit, begun, end, clock } = openThrottle({ misses: { perSecond: 1, burst: 2 } });
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) submit(name, 'unknown');
  await end('a');
  await end('b');
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
  await end('c', { result: 'missed' });
  await end('d', { result: 'failed' });
  submit('known', 'known');
  submit('refresh', 'refresh');
  expect(begun.slice(4)).toEqual(['known', 'refresh']);
  for (const name of ['known', 'refresh']) await end(name, { result: 'missed' });
  await clock.advance(1_000);
  expect(begun.slice(6)).toEqual(['e']);
  await clock.advance(999);
  expect(begun.slice(6)).toEqual(['e']);
  await clock.advance(1);
  expect(begun.slice(6)).toEqual(['e', 'f']);
});

test('all together have a rate too', async () => {
  const { submit, begun, end, clock } = openThrottle({ calls: { perSecond: 2, burst: 2 } });
  for (const name of ['a', 'b', 'c']) submit(name, 'known');
  for (const name of ['a', 'b']) await end(name);
  expect(begun).toEqual(['a', 'b']);
  await clock.advance(500);
  expect(begun).toEqual(['a', 'b', 'c']);
});

test('while the API asks to be left alone strangers wait, and one known call a second is made', async () => {
  const { submit, begun, end, clock, throttle } = openThrottle();
  submit('a', 'unknown');
  await end('a', { result: 'failed', pauseMs: 10_000 });
  expect(throttle.pausedMs()).toBe(10_000);
  for (const name of ['s', 't']) submit(name, 'unknown');
  for (const name of ['k1', 'k2', 'k3']) submit(name, 'known');
  expect(begun).toEqual(['a']);
  for (const name of ['k1', 'k2', 'k3']) {
    await clock.advance(1_000);
    expect(begun.at(-1)).toBe(name);
    await end(name);
  }
  await clock.advance(6_999);
  expect(begun.at(-1)).toBe('k3');
  await clock.advance(1);
  expect(begun.slice(-2)).toEqual(['s', 't']);
});

test('clients take turns, and who asks for most is turned away when too many wait', async () => {
  const { submit, begun, end, turnedAway } = openThrottle({ maxInFlight: 1, maxWaiting: 4 });
  submit('a0', 'unknown', { client: 'a' });
  for (const name of ['a1', 'a2', 'a3', 'a4']) submit(name, 'unknown', { client: 'a' });
  submit('b1', 'unknown', { client: 'b' });
  submit('a5', 'unknown', { client: 'a' });
  submit('k1', 'known', { client: 'k' });
  expect(turnedAway).toEqual(['a4 crowded', 'a5 crowded', 'a3 crowded']);
  for (const name of ['a0', 'k1', 'a1', 'b1']) await end(name);
  expect(begun).toEqual(['a0', 'k1', 'a1', 'b1', 'a2']);
});

test('what is asked for again goes first among its client’s, and as known once it is', async () => {
  const { submit, begun, end } = openThrottle({ maxInFlight: 1 });
  submit('a', 'unknown');
  submit('b', 'unknown');
  const again = submit('c', 'unknown');
  submit('d', 'unknown', { ahead: true });
  const known = submit('e', 'unknown');
  again.askedAgain('unknown');
  known.askedAgain('known');
  known.askedAgain('unknown');
  for (const name of ['a', 'e', 'd', 'c']) await end(name);
  expect(begun).toEqual(['a', 'e', 'd', 'c', 'b']);
});

test('what nobody wants any more is not called for', async () => {
  const { submit, begun, end, turnedAway, wanted } = openThrottle({ maxInFlight: 1 });
  submit('a', 'unknown');
  submit('b', 'unknown');
  const left = submit('c', 'unknown');
  submit('d', 'unknown');
  wanted.delete('b');
  left.leave();
  left.leave();
  await end('a');
  expect([begun, turnedAway]).toEqual([
    ['a', 'd'],
    ['c unwanted', 'b unwanted'],
  ]);
});

test('once closed it turns everybody away, now and later, and keeps no timer', async () => {
  const { submit, throttle, turnedAway, clock, begun } = openThrottle({
    calls: { perSecond: 1, burst: 1 },
  });
  for (const name of ['a', 'b', 'c']) submit(name, 'known');
  throttle.close();
  submit('d', 'known');
  await clock.advance(60_000);
  expect([begun, turnedAway, throttle.waiting(), clock.waiting]).toEqual([
    ['a'],
    ['c closed', 'b closed', 'd closed'],
    0,
    0,
  ]);
});

test('who is let through by somebody else’s code goes before strangers, and made-up ids use up a rate of its own', async () => {
  const { submit, begun, end } = openThrottle({
    maxInFlight: 1,
    misses: { perSecond: 1, burst: 2 },
  });
  submit('s', 'unknown');
  for (const name of ['v1', 'v2', 'v3']) submit(name, 'vouched');
  submit('t', 'unknown');
  submit('k', 'known');
  for (const name of ['s', 'k', 'v1', 'v2', 't']) await end(name, { result: 'missed' });
  expect(begun).toEqual(['s', 'k', 'v1', 'v2', 't']);
});
