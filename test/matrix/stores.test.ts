import { describe, expect, test } from 'vitest';
import { isAvailable, KINDS, startArenas } from '../chaos/support/arenas.mjs';
import {
  deliver,
  DUPLICATE,
  freshId,
  handled,
  linesAbout,
  paymentV1,
  paymentV2,
  RECEIVED,
} from './support/deliver.js';
import { startReceiver } from './support/start-receiver.js';

const TIMEOUT_MS = 60_000;

/** On a build machine nothing is skipped: there the missing server is the failure. */
const isMissing = (kind: string): boolean => !isAvailable(kind) && process.env['CI'] !== 'true';

const whySkipped = (kind: string): string =>
  isMissing(kind) ? ': SKIPPED, this machine has no such server' : '';

// Every way to mount the kit is tried with the memory store; here every store with one of them.
describe('express5 on a durable store', () => {
  for (const kind of KINDS)
    test.skipIf(isMissing(kind))(
      `${kind}${whySkipped(kind)}`,
      { timeout: TIMEOUT_MS },
      async () => {
        const arenas = await startArenas(kind);
        try {
          await arenas.run(recordsDispatchesAndRemembers);
        } finally {
          await arenas.close();
        }
      },
    );
});

async function recordsDispatchesAndRemembers({ spec }: { readonly spec: string }): Promise<void> {
  const start = async (...args: string[]) =>
    startReceiver({ framework: 'express5', args: [`--store=${spec}`, '--lease=500', ...args] });
  const [paid, unfinished] = [freshId(), freshId()];

  const first = await start();
  expect(await deliver(first, 'v2', paymentV2(paid))).toEqual(RECEIVED);
  expect(await handled(first, paid)).toMatchObject({ uuid: paid, version: 'v2', attempt: 1 });
  expect(await deliver(first, 'v2', paymentV2(paid))).toEqual(DUPLICATE);
  expect(await deliver(first, 'v1', paymentV1(paid))).toEqual(DUPLICATE);
  expect(await first.stop('SIGTERM')).toBe(0);

  const second = await start('--delay=60000');
  expect(await deliver(second, 'v2', paymentV2(paid))).toEqual(DUPLICATE);
  expect(await deliver(second, 'v2', paymentV2(unfinished))).toEqual(RECEIVED);
  await second.stop('SIGKILL');

  const third = await start();
  expect(await handled(third, unfinished)).toMatchObject({ uuid: unfinished });
  expect(await deliver(third, 'v2', paymentV2(unfinished))).toEqual(DUPLICATE);
  expect(await linesAbout(third, paid)).toEqual([]);
  expect(await third.stop('SIGTERM')).toBe(0);
}
