import { describe, expect, test } from 'vitest';
import { freshId, paymentV2, signed, stillServes } from '../matrix/support/deliver.js';
import { openConnection, requestBytes, type RawConnection } from '../matrix/support/send.js';
import { targets } from '../matrix/support/targets.js';
import { victim } from './support/shops.js';

const MIB = 1_048_576;

/** A hundred senders whose bodies of 1 MiB are a byte short. */
async function flood(port: number, headers: Record<string, string>): Promise<RawConnection[]> {
  const { head } = requestBytes('/webhook', { headers, body: Buffer.alloc(0) });
  const bytes = Buffer.concat([
    Buffer.from(head.replace('content-length: 0', `content-length: ${MIB}`)),
    Buffer.alloc(MIB - 1, 0x20),
  ]);
  const connections: RawConnection[] = [];
  for (let sent = 0; sent < 100; sent += 1) {
    const connection = await openConnection(port);
    connection.write(bytes);
    connections.push(connection);
  }
  return connections;
}

describe.each(targets)('%s', (shop) => {
  const receiver = victim(shop);

  test('of a hundred bodies that are never finished the first are asked to come again, and deliveries get in', async () => {
    const it = await receiver();
    const { headers } = signed('v2', paymentV2(freshId()));
    const connections = await flood(it.port, headers);
    const first = await Promise.race(connections.map(async (one) => one.answer()));
    expect(first).toMatch(/^HTTP\/1\.1 503 /);
    expect(first.toLowerCase()).toContain('retry-after: ');
    await stillServes(it);
    for (const connection of connections) connection.destroy();
    await stillServes(it);
  });
});
