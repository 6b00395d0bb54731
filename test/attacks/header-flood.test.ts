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
import { openConnection, requestBytes, send } from '../matrix/support/send.js';
import { shops, victim } from './support/shops.js';

const SIGNATURE = 'qbitflow-signature';

describe.each(shops)('%s', (shop) => {
  const receiver = victim(shop);

  test('more headers than fit are refused, and nobody else notices', async () => {
    const it = await receiver();
    const uuid = freshId();
    const { head } = requestBytes('/webhook', signed('v2', paymentV2(uuid)));
    const flood = Array.from({ length: 3_000 }, (_, n) => `x-flood-${n}: ${n}\r\n`).join('');
    const connection = await openConnection(it.port);
    connection.write(head.replace('\r\n', `\r\n${flood}`));
    expect(await connection.answer()).toMatch(/^HTTP\/1\.1 4\d\d /);
    connection.destroy();
    await stillServes(it);
    expect(await linesAbout(it, uuid)).toEqual([]);
  });

  test('a signature header full of guesses is refused', async () => {
    const it = await receiver();
    const { headers, body } = signed('v2', paymentV2(freshId()));
    const guesses = Array.from({ length: 100 }, (_, n) => `v1=${String(n).padStart(64, '0')}`);
    const time = headers[SIGNATURE]?.split(',')[0];
    const guessed = { ...headers, [SIGNATURE]: [time, ...guesses].join(',') };
    expect(outcome(await post(it, { headers: guessed, body }))).toEqual(REFUSED);
  });

  test('two signature headers are no better than one', async () => {
    const it = await receiver();
    const uuid = freshId();
    const { headers, body } = signed('v2', paymentV2(uuid));
    const forged = `t=${Math.floor(Date.now() / 1000)},v1=${'0'.repeat(64)}`;
    const both = { ...headers, [SIGNATURE]: [forged, headers[SIGNATURE] ?? ''] };
    const answer = await send(`${it.url}/webhook`, { method: 'POST', headers: both, body });
    expect(outcome(answer)).toEqual(REFUSED);
    expect(await linesAbout(it, uuid)).toEqual([]);
  });
});
