import { describe, expect, test } from 'vitest';
import { freshId, paymentV2, signed, stillServes } from '../matrix/support/deliver.js';
import { openConnection, requestBytes } from '../matrix/support/send.js';
import { shops, victim } from './support/shops.js';

const CHUNK = Buffer.concat([
  Buffer.from('10000\r\n'),
  Buffer.alloc(65_536, 0x20),
  Buffer.from('\r\n'),
]);

describe.each(shops)('%s', (shop) => {
  const receiver = victim(shop);

  test('a body without an end is refused once it is over the limit', async () => {
    const it = await receiver();
    const { head } = requestBytes('/webhook', signed('v2', paymentV2(freshId())));
    const connection = await openConnection(it.port);
    connection.write(head.replace(/content-length: \d+/, 'transfer-encoding: chunked'));
    for (let sent = 0; sent <= 1_048_576; sent += 65_536) connection.write(CHUNK);
    expect(await connection.answer()).toMatch(/^HTTP\/1\.1 413 /);
    connection.destroy();
    await stillServes(it);
  });
});
