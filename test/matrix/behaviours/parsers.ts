import { expect, test } from 'vitest';
import {
  deliver,
  freshId,
  handled,
  linesAbout,
  paymentV1,
  paymentV2,
  RECEIVED,
  stillServes,
} from '../support/deliver.js';
import type { Subject } from '../support/receivers.js';
import { type Family, familyOf } from '../support/targets.js';

/** What a parser in front leaves of a delivery: its bytes, or only the value, or nothing. */
type Leaves = 'bytes' | 'value' | 'nothing';

const PARSERS: Readonly<Record<Family, Readonly<Record<string, Leaves>>>> = {
  express: { json: 'value', raw: 'bytes' },
  koa: {
    'koa-bodyparser': 'bytes',
    '@koa/bodyparser': 'bytes',
    'koa-body': 'value',
    raw: 'bytes',
  },
  bare: { json: 'nothing', raw: 'bytes' },
};

const HOW_TO_MOUNT = /mount the QBitFlow route before express\.json\(\)/;

export function parsers({ target, receiver }: Subject): void {
  for (const [parser, leaves] of Object.entries(PARSERS[familyOf(target)])) {
    const behind = () => receiver(`--parser=${parser}`);

    test(`${parser} leaves ${leaves}: v2`, async () => {
      const it = await behind();
      const uuid = freshId();
      const [status, answer] = await deliver(it, 'v2', paymentV2(uuid, { name: 'Tee für 2 €' }));
      if (leaves === 'bytes') {
        expect([status, answer]).toEqual(RECEIVED);
        await handled(it, uuid);
        return;
      }
      expect(status).toBe(500);
      expect(answer).toEqual({ error: expect.stringMatching(HOW_TO_MOUNT) });
      await expect.poll(() => it.complaints().at(-1)?.onError).toBe('body_consumed');
      expect(await linesAbout(it, uuid)).toEqual([]);
    });

    test(`${parser} leaves ${leaves}: v1`, async () => {
      const it = await behind();
      const uuid = freshId();
      const [status, answer] = await deliver(it, 'v1', paymentV1(uuid));
      if (leaves === 'nothing') {
        expect([status, answer]).toEqual([500, { error: expect.stringMatching(HOW_TO_MOUNT) }]);
        return;
      }
      expect([status, answer]).toEqual(RECEIVED);
      await handled(it, uuid);
    });

    test.runIf(leaves === 'bytes')(`${parser}: what comes after still works`, async () => {
      await stillServes(await behind());
    });
  }
}
