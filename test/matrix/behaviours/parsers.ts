import { expect, test } from 'vitest';
import {
  deliver,
  freshId,
  handled,
  linesAbout,
  paymentV1,
  paymentV2,
  RECEIVED,
} from '../support/deliver.js';
import type { Subject } from '../support/receivers.js';
import { type Family, familyOf } from '../support/targets.js';

/** What a parser in front leaves of a delivery where the kit looks for it. */
type Leaves = 'bytes' | 'value' | 'stream at its end';

const PARSERS: Readonly<Record<Family, Readonly<Record<string, Leaves>>>> = {
  express: { json: 'value', raw: 'bytes' },
  koa: {
    'koa-bodyparser': 'bytes',
    '@koa/bodyparser': 'bytes',
    'koa-body': 'value',
    raw: 'bytes',
  },
  node: { json: 'value', raw: 'bytes' },
  fetch: { json: 'stream at its end', raw: 'bytes' },
};

const HOW_TO_MOUNT = /mount the QBitFlow route before express\.json\(\)/;

export function parsers({ target, receiver }: Subject): void {
  const inFront = Object.entries(PARSERS[familyOf(target)]);
  const cases = (['v2', 'v1'] as const).flatMap((version) =>
    // v1 signs the value: a parser may have eaten the bytes.
    inFront.map(([parser, leaves]) => ({
      parser,
      leaves,
      version,
      isEnough: leaves === 'bytes' || (leaves === 'value' && version === 'v1'),
    })),
  );

  test.each(cases.filter(({ isEnough }) => isEnough))(
    '$parser leaves the $leaves: $version is handled',
    async ({ parser, version }) => {
      const it = await receiver(`--parser=${parser}`);
      const uuid = freshId();
      const body = version === 'v2' ? paymentV2(uuid, { name: 'Tee für 2 €' }) : paymentV1(uuid);
      expect(await deliver(it, version, body)).toEqual(RECEIVED);
      await handled(it, uuid);
    },
  );

  test.each(cases.filter(({ isEnough }) => !isEnough))(
    '$parser leaves the $leaves: $version is answered at once with how to mount the route',
    async ({ parser, version }) => {
      const it = await receiver(`--parser=${parser}`);
      const uuid = freshId();
      const consumed = () => it.complaints().filter(({ onError }) => onError === 'body_consumed');
      const [status, answer] = await deliver(it, version, { ...paymentV2(uuid) });
      expect([status, answer]).toEqual([500, { error: expect.stringMatching(HOW_TO_MOUNT) }]);
      // The first is told of at once; the others of a minute are counted.
      await expect.poll(() => consumed().length, { interval: 5 }).toBeGreaterThan(0);
      expect(await linesAbout(it, uuid)).toEqual([]);
    },
  );
}
