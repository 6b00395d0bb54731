import type { SignedDelivery } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import {
  deliver,
  freshId,
  handled,
  linesAbout,
  outcome,
  paymentV1,
  paymentV2,
  post,
  RECEIVED,
  REFUSED,
  signed,
  stillServes,
} from '../support/deliver.js';
import type { Subject } from '../support/receivers.js';
import { openConnection, requestBytes, send } from '../support/send.js';

const MIB = 1_048_576;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** A payment whose body has exactly this many bytes. */
function sized(uuid: string, bytes: number): string {
  const empty = JSON.stringify(paymentV2(uuid, { padding: '' })).length;
  const body = paymentV2(uuid, { padding: 'x'.repeat(bytes - empty) });
  return JSON.stringify(body);
}

const dead: Readonly<Record<string, string | Buffer>> = {
  'an empty body': '',
  'what is not JSON': '{"id":"evt_1",',
  'JSON null': 'null',
  'an array': '[{"id":"evt_1"}]',
  'bytes that are no UTF-8': Buffer.from([0xff, 0xfe, 0x00, 0x80]),
};

/** What a body says, however it came. */
export function bodyContents({ receiver }: Subject): void {
  test.each(Object.entries(dead))('%s, signed, is 200 and a dead letter', async (_name, body) => {
    const it = await receiver();
    const delivery = signed('v2', Buffer.concat([Buffer.from(body), Buffer.from(freshSpace())]));
    const unreadable = () =>
      it.complaints().filter(({ onError }) => onError === 'unreadable_event').length;
    const before = unreadable();
    expect(outcome(await post(it, delivery))).toEqual(RECEIVED);
    await expect.poll(unreadable, { interval: 5 }).toBe(before + 1);
    await stillServes(it);
  });

  test.each(Object.entries(dead))('%s, unsigned, is refused', async (_name, body) => {
    const it = await receiver();
    const headers = { 'content-type': 'application/json' };
    expect(outcome(await post(it, { headers, body: Buffer.from(body) }))).toEqual(REFUSED);
  });

  test.each(['v1', 'v2'] as const)(
    'a %s body with a byte order mark is handled',
    async (version) => {
      const it = await receiver();
      const uuid = freshId();
      const text = Buffer.from(JSON.stringify((version === 'v1' ? paymentV1 : paymentV2)(uuid)));
      const body = Buffer.concat([BYTE_ORDER_MARK, text]);
      // v1 signs the value, so what is signed has no mark.
      const { headers } = signed(version, version === 'v1' ? text : body);
      expect(outcome(await post(it, { headers, body }))).toEqual(RECEIVED);
      await handled(it, uuid);
    },
  );
}

/** How bodies come: each framework reads them its own way. */
export function bodies({ receiver }: Subject): void {
  test('a body of exactly 1 MiB is handled', async () => {
    const it = await receiver();
    const uuid = freshId();
    const body = sized(uuid, MIB);
    expect(Buffer.byteLength(body)).toBe(MIB);
    expect(await deliver(it, 'v2', body)).toEqual(RECEIVED);
    await handled(it, uuid);
  });

  test.each([{ chunked: false }, { chunked: true }])(
    'one byte more is 413, chunked: $chunked',
    async ({ chunked }) => {
      const it = await receiver();
      const uuid = freshId();
      const { headers, body } = signed('v2', sized(uuid, MIB + 1));
      const answer = await send(`${it.url}/webhook`, { method: 'POST', headers, body, chunked });
      expect(outcome(answer)).toEqual([413, { error: 'body too large' }]);
      await stillServes(it);
      expect(await linesAbout(it, uuid)).toEqual([]);
    },
  );

  test.each([false, true])(
    'a body that comes byte by byte is handled, chunked: %s',
    async (chunked) => {
      const it = await receiver();
      const uuid = freshId();
      const { head, body } = bytesOf(signed('v2', paymentV2(uuid, { name: 'Tee für zwei – 茶' })));
      const connection = await openConnection(it.port);
      const length = `content-length: ${body.length}`;
      connection.write(chunked ? head.replace(length, 'transfer-encoding: chunked') : head);
      for (const byte of body) {
        const one = Buffer.from([byte]);
        await connection.push(chunked ? Buffer.concat([Buffer.from('1\r\n'), one, CRLF]) : one);
      }
      if (chunked) connection.write('0\r\n\r\n');
      expect(await connection.answer()).toMatch(/^HTTP\/1\.1 200 /);
      connection.destroy();
      await handled(it, uuid);
    },
  );

  test('a sender who goes away half-way leaves no trace and no damage', async () => {
    const it = await receiver();
    const uuid = freshId();
    const { head, body } = bytesOf(signed('v2', paymentV2(uuid)));
    for (const part of [0, 1, body.length >> 1, body.length - 1]) {
      const connection = await openConnection(it.port);
      await connection.push(Buffer.concat([Buffer.from(head), body.subarray(0, part)]));
      connection.destroy();
    }
    await stillServes(it);
    expect(await linesAbout(it, uuid)).toEqual([]);
  });
}

const CRLF = Buffer.from('\r\n');

function bytesOf({ headers, body }: SignedDelivery): { head: string; body: Buffer } {
  return requestBytes('/webhook', { headers, body });
}

let spaces = 0;

/** White space of ever another length: no two dead letters of a run are the same bytes. */
function freshSpace(): string {
  spaces += 1;
  return ' '.repeat(spaces);
}
