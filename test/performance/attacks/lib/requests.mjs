// Deliveries, genuine and forged, as the bytes of HTTP/1.1 requests.
import { createHmac, randomUUID } from 'node:crypto';
import { SECRET } from './start-victim.mjs';

const nowSeconds = () => Math.floor(Date.now() / 1000);
const hmac = (text, secret) => createHmac('sha256', secret).update(text).digest('hex');

/** Headers of v2's signature. */
export function v2Headers(body, { secret = SECRET, t = nowSeconds() } = {}) {
  const digest = createHmac('sha256', secret).update(`${t}.`).update(body).digest('hex');
  return { 'QBitFlow-Signature': `t=${t},v1=${digest}` };
}

/** Headers of v1's signature; `canonical` is what is signed in place of the body. */
export function v1Headers(canonical, { secret = SECRET, t = nowSeconds() } = {}) {
  return {
    'X-Webhook-Signature-256': `sha256=${hmac(`${t}.${canonical}`, secret)}`,
    'X-Webhook-Timestamp': String(t),
  };
}

/** Headers of a forger, who knows everything but the secret. */
export const forged = {
  v1: (t = nowSeconds()) => v1Headers('', { secret: 'whsec_a_guess', t }),
  v2: (t = nowSeconds()) => v2Headers('', { secret: 'whsec_a_guess', t }),
};

/** The head of a POST; `length` undefined for a chunked body. */
export function head(headers, length) {
  const framing =
    length === undefined ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': length };
  const lines = Object.entries({
    Host: '127.0.0.1',
    'Content-Type': 'application/json',
    ...framing,
    ...headers,
  }).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from(['POST /webhook HTTP/1.1', ...lines, '\r\n'].join('\r\n'));
}

/** A whole request. */
export const request = (headers, body) => Buffer.concat([head(headers, body.length), body]);

/** v2's payment.completed of a new payment, sorted, with `padding` bytes more. */
export function paymentV2(padding = 0) {
  return Buffer.from(
    JSON.stringify({
      createdAt: new Date().toISOString(),
      data: {
        amount: 49.9,
        currencyId: 4,
        description: 'x'.repeat(padding),
        reference: `order-${randomUUID()}`,
        txHash: `0x${randomUUID().replaceAll('-', '')}`,
        uuid: `pay@${randomUUID()}`,
      },
      id: `evt_${randomUUID()}`,
      type: 'payment.completed',
      version: 'v2',
    }),
  );
}

/** v1's transaction webhook of a new payment; its bytes are their canonical form. */
export function paymentV1(padding = 0) {
  return Buffer.from(
    JSON.stringify({
      managementPageLink: 'https://pay.qbitflow.test/m',
      session: { description: 'x'.repeat(padding), price: 49.9, reference: `o-${randomUUID()}` },
      status: { status: 'completed', txHash: `0x${randomUUID().replaceAll('-', '')}` },
      txType: 'payment',
      uuid: `pay@${randomUUID()}`,
    }),
  );
}
