import { setTimeout as pause } from 'node:timers/promises';
import { inBackground, sleep, systemClock, type Clock, type TimerOptions } from '@qbitflow/core';
import { fakeClock } from '@qbitflow/core/testing';
import { afterEach, expect, test, vi } from 'vitest';
import { keepAlive } from '../src/clock.js';

afterEach(() => {
  vi.useRealTimers();
});

test.each([2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER])(
  'a timer of %i ms does not overflow and fire at once',
  async (delayMs) => {
    let fired = false;
    const cancel = systemClock.after(delayMs, () => {
      fired = true;
    });
    await pause(20);
    cancel();
    expect(fired).toBe(false);
  },
);

test('a timer fires once; a cancelled one never, and cancelling again is harmless', async () => {
  const fired: string[] = [];
  systemClock.after(1, () => fired.push('one'));
  const cancel = systemClock.after(1, () => fired.push('two'));
  cancel();
  cancel();
  await pause(20);
  expect(fired).toEqual(['one']);
});

test('sleep ends with its time', async () => {
  const clock = fakeClock();
  const order: string[] = [];
  const sleeping = sleep(clock, 1_000).then(() => order.push('awake'));
  await clock.advance(999);
  expect(order).toEqual([]);
  await clock.advance(1);
  await sleeping;
  expect(order).toEqual(['awake']);
});

test('sleep ends at once when its signal aborts, and leaves nothing behind', async () => {
  const clock = fakeClock();
  const controller = new AbortController();
  const sleeping = sleep(clock, 1_000, controller.signal);
  controller.abort();
  await sleeping;
  expect(clock.waiting).toBe(0);
  await sleep(clock, 1_000, controller.signal);
  expect(clock.waiting).toBe(0);
});

test.each([2 ** 31, 30 * 86_400_000, 400 * 86_400_000])(
  'a timer of %i ms is as long as that, though no timer of Node is',
  async (delayMs) => {
    vi.useFakeTimers();
    const fired: string[] = [];
    systemClock.after(delayMs, () => fired.push('long'));
    const cancelled = systemClock.after(delayMs, () => fired.push('cancelled'));
    await vi.advanceTimersByTimeAsync(delayMs - 1);
    cancelled();
    expect(fired).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect([fired, vi.getTimerCount()]).toEqual([['long'], 0]);
  },
);

test.each([Number.NaN, -1, -Infinity])('a timer of %d ms fires as soon as it can', async (ms) => {
  const fired: string[] = [];
  systemClock.after(ms, () => fired.push('real'));
  const clock = fakeClock();
  clock.after(ms, () => fired.push('fake'));
  await clock.advance(0);
  await vi.waitUntil(() => fired.length === 2);
  expect(fired.toSorted()).toEqual(['fake', 'real']);
});

test('a timer for ever does not fire at once', async () => {
  const clock = fakeClock();
  const fired: string[] = [];
  const cancels = [clock, systemClock].map((one) => one.after(Infinity, () => fired.push('one')));
  await clock.advance(86_400_000);
  await pause(20);
  for (const cancel of cancels) cancel();
  expect(fired).toEqual([]);
});

test('timers that are numbers, as on other platforms, work without being unreferenced', async () => {
  const real = globalThis.setTimeout;
  const numbers = (callback: () => void, ms: number): number => Number(real(callback, ms));
  vi.stubGlobal('setTimeout', numbers);
  const fired: string[] = [];
  systemClock.after(1, () => fired.push('one'), { background: true });
  const cancel = inBackground(systemClock).after(1, () => fired.push('two'));
  vi.unstubAllGlobals();
  cancel();
  await pause(20);
  expect(fired).toEqual(['one']);
});

test("a merchant's clock hears which timers are housekeeping, and may not care", () => {
  const told: (TimerOptions | undefined)[] = [];
  const own: Clock = {
    now: () => 5,
    after(_delayMs, _callback, options) {
      told.push(options);
      return () => undefined;
    },
  };
  const careless: Clock = { now: () => 5, after: (_delayMs, _callback) => () => undefined };
  for (const clock of [own, careless]) {
    clock.after(1, () => undefined);
    expect(inBackground(clock).now()).toBe(5);
    inBackground(clock).after(1, () => undefined);
  }
  expect(told).toEqual([undefined, { background: true }]);
});

test('what keeps the process alive does so for days, and leaves nothing behind', async () => {
  const clock = fakeClock();
  const release = keepAlive(clock);
  await clock.advance(3 * 86_400_000);
  expect(clock.waiting).toBe(1);
  release();
  expect(clock.waiting).toBe(0);
});
