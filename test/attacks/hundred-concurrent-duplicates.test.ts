import { describe, expect, test } from 'vitest';
import {
  deliver,
  finalLinesAbout,
  freshId,
  paymentV1,
  paymentV2,
} from '../matrix/support/deliver.js';
import { shops, victim } from './support/shops.js';

describe.each(shops)('%s', (shop) => {
  const receiver = victim(shop);

  test('a payment told a hundred times at once, by both generations, is handled once', async () => {
    const it = await receiver();
    const uuid = freshId();
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, n) =>
        n % 2 === 0 ? deliver(it, 'v2', paymentV2(uuid)) : deliver(it, 'v1', paymentV1(uuid)),
      ),
    );
    const fresh = answers.filter(([, answer]) => !Object.hasOwn(Object(answer), 'duplicate'));
    expect(new Set(answers.map(([status]) => status))).toEqual(new Set([200]));
    expect(fresh).toEqual([[200, { received: true }]]);
    expect(await finalLinesAbout(it, uuid)).toHaveLength(1);
  });
});
