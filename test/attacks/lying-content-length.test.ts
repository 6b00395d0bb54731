import { describe, expect, test } from 'vitest';
import {
  freshId,
  handled,
  linesAbout,
  paymentV2,
  signed,
  stillServes,
} from '../matrix/support/deliver.js';
import { openConnection, requestBytes } from '../matrix/support/send.js';
import type { Receiver } from '../matrix/support/start-receiver.js';
import { shops, victim } from './support/shops.js';

/** Sends a signed payment with another content-length, says that this was all, and gives what is answered. */
async function lie(it: Receiver, uuid: string, length: (real: number) => string): Promise<string> {
  const { head, body } = requestBytes('/webhook', signed('v2', paymentV2(uuid)));
  const lying = head.replace(/content-length: \d+\r\n/, length(body.length));
  const connection = await openConnection(it.port);
  connection.write(Buffer.concat([Buffer.from(lying), body]));
  connection.end();
  const answer = await connection.answer();
  connection.destroy();
  return answer;
}

describe.each(shops)('%s', (shop) => {
  const receiver = victim(shop);

  test.each([
    ['more than there is', (real: number) => `content-length: ${real + 1}\r\n`],
    ['less than there is', (real: number) => `content-length: ${real - 1}\r\n`],
    ['nothing', () => 'content-length: 0\r\n'],
    ['a negative number', () => 'content-length: -1\r\n'],
    ['no number', () => 'content-length: many\r\n'],
    ['two lengths', (real: number) => `content-length: ${real}\r\ncontent-length: 0\r\n`],
    [
      'a length and chunks',
      (real: number) => `content-length: ${real}\r\ntransfer-encoding: chunked\r\n`,
    ],
  ])('%s: not acknowledged, not handled', async (_name, length) => {
    const it = await receiver();
    const uuid = freshId();
    expect(await lie(it, uuid, length)).not.toContain('received');
    await stillServes(it);
    expect(await linesAbout(it, uuid)).toEqual([]);
  });

  test('the truth is handled, sent the same way', async () => {
    const it = await receiver();
    const uuid = freshId();
    expect(await lie(it, uuid, (real) => `content-length: ${real}\r\n`)).toMatch(
      /^HTTP\/1\.1 200 /,
    );
    await handled(it, uuid);
  });

  test('a gigabyte announced is refused before it is sent', async () => {
    const it = await receiver();
    const { headers } = signed('v2', paymentV2(freshId()));
    const { head } = requestBytes('/webhook', { headers, body: Buffer.alloc(0) });
    const connection = await openConnection(it.port);
    connection.write(head.replace('content-length: 0', 'content-length: 1073741824'));
    expect(await connection.answer()).toMatch(/^HTTP\/1\.1 413 /);
    connection.destroy();
    await stillServes(it);
  });
});
