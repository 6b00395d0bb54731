import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { createTokenBucket } from '../src/token-bucket.js';

/** How many there are to take at once. */
function takeAll(bucket: ReturnType<typeof createTokenBucket>): number {
  let taken = 0;
  for (; bucket.waitMs() === 0; taken += 1) bucket.take();
  return taken;
}

test('so many at once, then so many a second, and never more than the burst', async () => {
  const clock = fakeClock();
  const bucket = createTokenBucket(clock, { perSecond: 10, burst: 40 });
  expect([takeAll(bucket), bucket.waitMs()]).toEqual([40, 100]);
  await clock.advance(1_000);
  expect(takeAll(bucket)).toBe(10);
  await clock.advance(50);
  expect(bucket.waitMs()).toBe(50);
  await clock.advance(3_600_000);
  expect(takeAll(bucket)).toBe(40);
});

test('what is given back can be taken again, beyond the burst nothing', () => {
  const bucket = createTokenBucket(fakeClock(), { perSecond: 1, burst: 2 });
  bucket.giveBack();
  expect(takeAll(bucket)).toBe(2);
  bucket.giveBack();
  expect(takeAll(bucket)).toBe(1);
});

test('a clock that is set back gives nothing and takes nothing', () => {
  let now = 1_000_000;
  const clock = { now: () => now, after: () => () => undefined };
  const bucket = createTokenBucket(clock, { perSecond: 1, burst: 3 });
  bucket.take();
  now -= 500_000;
  expect(takeAll(bucket)).toBe(2);
  now += 1_000;
  expect(takeAll(bucket)).toBe(1);
});
