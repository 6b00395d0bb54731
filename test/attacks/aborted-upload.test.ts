import { describe, expect, test } from 'vitest';
import { freshId, linesAbout, paymentV2, signed, stillServes } from '../matrix/support/deliver.js';
import { openConnection, requestBytes } from '../matrix/support/send.js';
import { shops, victim } from './support/shops.js';

describe.each(shops)('%s', (shop) => {
  const receiver = victim(shop);

  test('fifty uploads cut off at fifty places end in nothing, and no promise is left over', async () => {
    const it = await receiver();
    const uuid = freshId();
    const { head, body } = requestBytes('/webhook', signed('v2', paymentV2(uuid)));
    const bytes = Buffer.concat([Buffer.from(head), body]);
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const connection = await openConnection(it.port);
        await connection.push(bytes.subarray(0, Math.floor((bytes.length * index) / 50)));
        connection.destroy();
      }),
    );
    await stillServes(it);
    expect(await linesAbout(it, uuid)).toEqual([]);
    expect(it.stderr()).not.toMatch(/unhandled|UnhandledPromise|MaxListeners/i);
  });
});
