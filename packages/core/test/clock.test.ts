import { setTimeout as pause } from 'node:timers/promises';
import { sleep, systemClock } from '@qbitflow/core';
import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';

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
