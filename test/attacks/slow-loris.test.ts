import { describe, expect, test } from 'vitest';
import { freshId, linesAbout, paymentV2, signed, stillServes } from '../matrix/support/deliver.js';
import { openConnection, requestBytes } from '../matrix/support/send.js';
import { shops, victim } from './support/shops.js';

describe.each(shops)('%s', (shop) => {
  const receiver = victim(shop);

  test('a hundred senders who never finish keep nobody waiting', async () => {
    const it = await receiver();
    const uuid = freshId();
    const { head, body } = requestBytes('/webhook', signed('v2', paymentV2(uuid)));
    const lorises = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const connection = await openConnection(it.port);
        // Half of them stop within the headers, half within the body.
        await connection.push(index % 2 === 0 ? head.slice(0, -4) : head);
        if (index % 2 === 1) await connection.push(body.subarray(0, 10));
        return connection;
      }),
    );
    await stillServes(it);
    for (const connection of lorises) connection.destroy();
    await stillServes(it);
    expect(await linesAbout(it, uuid)).toEqual([]);
  });
});
