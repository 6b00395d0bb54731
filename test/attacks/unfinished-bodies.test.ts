import { describe, expect, test } from 'vitest';
import { rssOf } from '../chaos/support/rss.mjs';
import {
  deliver,
  freshId,
  handled,
  paymentV2,
  RECEIVED,
  signed,
  stillServes,
} from '../matrix/support/deliver.js';
import { openConnection, requestBytes, type RawConnection } from '../matrix/support/send.js';
import { targets } from '../matrix/support/targets.js';
import { shops, victim } from './support/shops.js';

const MIB = 1_048_576;

/** Senders whose bodies of 1 MiB are a byte short. */
async function flood(
  port: number,
  headers: Record<string, string>,
  senders = 100,
): Promise<RawConnection[]> {
  const { head } = requestBytes('/webhook', { headers, body: Buffer.alloc(0) });
  const bytes = Buffer.concat([
    Buffer.from(head.replace('content-length: 0', `content-length: ${MIB}`)),
    Buffer.alloc(MIB - 1, 0x20),
  ]);
  const connections: RawConnection[] = [];
  for (let sent = 0; sent < senders; sent += 1) {
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

describe.each(shops)('%s', (shop) => {
  const receiver = victim(shop);

  test('four hundred of them hold a fraction of what they sent', async () => {
    const it = await receiver();
    const uuid = freshId();
    expect(await deliver(it, 'v2', paymentV2(uuid))).toEqual(RECEIVED);
    const { pid } = await handled(it, uuid);
    const idle = rssOf(pid);
    const { headers } = signed('v2', paymentV2(freshId()));
    const connections = await flood(it.port, headers, 400);
    const given = connections.slice(0, 300).map(async (one) => one.answer());
    for (const answer of await Promise.all(given)) expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    await stillServes(it);
    // They sent 400 MiB, and all of it was held before.
    expect(rssOf(pid) - idle).toBeLessThan(250);
    for (const connection of connections) connection.destroy();
  });
});
