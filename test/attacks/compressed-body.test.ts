import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  freshId,
  linesAbout,
  outcome,
  paymentV2,
  post,
  REFUSED,
  signed,
  stillServes,
} from '../matrix/support/deliver.js';
import { shops, victim } from './support/shops.js';

describe.each(shops)('%s', (shop) => {
  const receiver = victim(shop);

  test('a small body that unpacks to a large one is never unpacked', async () => {
    const it = await receiver();
    const uuid = freshId();
    const { headers, body } = signed('v2', paymentV2(uuid, { padding: ' '.repeat(5_000_000) }));
    const packed = { headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(body) };
    expect(outcome(await post(it, packed))).toEqual(REFUSED);
    await stillServes(it);
    expect(await linesAbout(it, uuid)).toEqual([]);
  });
});
