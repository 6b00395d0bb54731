import { expect, test } from 'vitest';
import { freshId, outcome, paymentV2, post, RECEIVED, signed } from '../support/deliver.js';
import type { Subject } from '../support/receivers.js';
import { send } from '../support/send.js';

export function methods({ receiver }: Subject): void {
  test.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    '%s on the webhook is 405 and allows POST, signed or not',
    async (method) => {
      const it = await receiver();
      const { headers } = signed('v2', paymentV2(freshId()));
      const answer = await send(`${it.url}/webhook`, { method, headers });
      expect([answer.status, answer.headers.allow]).toEqual([405, 'POST']);
    },
  );

  test.each(['POST', 'PUT', 'DELETE'])('%s on a return page is 405', async (method) => {
    const it = await receiver();
    for (const page of ['success', 'cancel']) {
      const answer = await send(`${it.url}/${page}?uuid=${freshId()}`, { method });
      expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD']);
    }
  });

  test.each(['/', '/webhooks', '/webhook/more', '/other', '/webhook%2f'])(
    'a signed delivery to %s, where nothing is mounted, is 404',
    async (path) => {
      const it = await receiver();
      const answer = await post(it, signed('v2', paymentV2(freshId())), path);
      expect(answer.status).toBe(404);
    },
  );

  test.each(['/webhook/', '/webhook?endpoint=1', '/webhook/?endpoint=1'])(
    '%s is the webhook too',
    async (path) => {
      const it = await receiver();
      const answer = await post(it, signed('v2', paymentV2(freshId())), path);
      expect(outcome(answer)).toEqual(RECEIVED);
    },
  );

  test('answers say what they are and how long', async () => {
    const it = await receiver();
    const genuine = await post(it, signed('v2', paymentV2(freshId())));
    const refused = await post(it, { headers: {}, body: Buffer.from('{}') });
    for (const { headers, text } of [genuine, refused]) {
      expect(headers['content-type']).toBe('application/json; charset=utf-8');
      expect(headers['content-length']).toBe(String(Buffer.byteLength(text)));
    }
    expect(genuine.headers['content-length']).toBe('17');
  });
}
