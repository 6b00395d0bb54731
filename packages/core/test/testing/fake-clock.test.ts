import { expect, it } from 'vitest';
import { sleep } from '../../src/clock.js';
import { fakeClock } from '../../src/testing/index.js';

it('fires timers in order, each at its own time', async () => {
  const clock = fakeClock(0);
  const fired: string[] = [];
  const note = (name: string) => () => fired.push(`${name}@${clock.now()}`);
  clock.after(200, note('late'));
  clock.after(100, note('first'));
  clock.after(100, note('second'));
  clock.after(500, note('never'));
  await clock.advance(300);
  expect(fired).toEqual(['first@100', 'second@100', 'late@200']);
  expect(clock.now()).toBe(300);
  expect(clock.waiting).toBe(1);
});

it('lets promise callbacks set further timers in between', async () => {
  const clock = fakeClock(0);
  const woken: number[] = [];
  const loop = (async () => {
    await sleep(clock, 10);
    woken.push(clock.now());
    await sleep(clock, 10);
    woken.push(clock.now());
  })();
  await clock.advance(20);
  expect(woken).toEqual([10, 20]);
  await loop;
});

it('forgets a timer that was taken back', async () => {
  const clock = fakeClock(0);
  const cancel = clock.after(1, () => expect.unreachable());
  cancel();
  await clock.advance(10);
  expect(clock.waiting).toBe(0);
});
