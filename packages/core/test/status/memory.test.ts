import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { asksForEvents, openLiveShop, pathOf, until } from './support/live-shop.js';

const STREAMS = 1_000;
const SESSIONS = 100;
const MOST_BYTES_A_STREAM = 20 * 1_024;

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

/** Bytes in use, garbage left out. */
async function inUse(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    if (typeof collect === 'function') collect();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test('an open stream costs less than 20 KiB, and gives it back', async () => {
  const { api, clock, open } = await openLiveShop();
  const id = (index: number): string => `pay@${index % SESSIONS}`;
  for (let index = 0; index < SESSIONS; index += 1) api.set(id(index), { status: 'created' });
  const openAll = async () =>
    Promise.all(
      Array.from({ length: STREAMS }, async (_, index) => open(pathOf(id(index)), asksForEvents)),
    );
  const closeAll = async (answers: Awaited<ReturnType<typeof openAll>>) => {
    for (const { stream } of answers) stream?.destroy();
    await until(() => clock.waiting === 0);
  };
  // What the first round leaves behind (compiled code, connections, remembered answers) is no stream's.
  await closeAll(await openAll());

  const before = await inUse();
  const answers = await openAll();
  await until(() => clock.waiting === STREAMS + SESSIONS && api.unanswered === 0);
  const each = ((await inUse()) - before) / STREAMS;
  await closeAll(answers.splice(0));
  const left = ((await inUse()) - before) / STREAMS;

  process.stdout.write(
    `an open stream: ${(each / 1_024).toFixed(1)} KiB, left behind: ${(left / 1_024).toFixed(1)} KiB\n`,
  );
  expect(each).toBeLessThan(MOST_BYTES_A_STREAM);
  expect(left).toBeLessThan(1_024);
});
