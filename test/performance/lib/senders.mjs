// Who sends a peer library its deliveries: the same payment, in that sender's envelope and signed its way.
import { createHmac, randomUUID } from 'node:crypto';
import { SECRET, paymentCompleted, request, signQBitFlow } from './deliveries.mjs';

const STANDARD_SECRET = `whsec_${Buffer.from('benchmark_0123456789abcdef012345').toString('base64')}`;
const seconds = () => Math.floor(Date.now() / 1000);
const hmac = (key, ...parts) => {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac;
};

/** Headers of Standard Webhooks, signed with `key`. */
function standardHeaders(body, key) {
  const id = `msg_${randomUUID()}`;
  const at = seconds();
  const signature = hmac(key, `${id}.${at}.`).update(body).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${signature}` };
}

/** `secret`: what the receiver is given. `refusal`: what it answers to a forgery. `make(forged)` → one request's bytes. */
export const senders = {
  qbitflow: {
    secret: SECRET,
    refusal: 401,
    make(forged) {
      const event = paymentCompleted();
      const body = Buffer.from(JSON.stringify(event));
      return request(body, {
        'User-Agent': 'QBitFlow-Webhooks/2',
        'QBitFlow-Signature': signQBitFlow(body, forged ? 'whsec_somebody_else' : SECRET),
        'QBitFlow-Event-Id': event.id,
        'QBitFlow-Event-Type': event.type,
        'QBitFlow-Webhook-Version': 'v2',
      });
    },
  },
  github: {
    secret: SECRET,
    refusal: 400,
    make(forged) {
      const { data } = paymentCompleted();
      const body = Buffer.from(JSON.stringify({ action: 'opened', data }));
      const signature = hmac(forged ? 'somebody else' : SECRET, body).digest('hex');
      return request(body, {
        'User-Agent': 'GitHub-Hookshot/benchmark',
        'X-GitHub-Delivery': randomUUID(),
        'X-GitHub-Event': 'issues',
        'X-Hub-Signature-256': `sha256=${signature}`,
      });
    },
  },
  stripe: {
    secret: SECRET,
    refusal: 400,
    make(forged) {
      const { id, data } = paymentCompleted();
      const event = {
        id,
        object: 'event',
        type: 'payment_intent.succeeded',
        data: { object: data },
      };
      const body = Buffer.from(JSON.stringify(event));
      const at = seconds();
      const mac = hmac(forged ? 'somebody else' : SECRET, `${at}.`, body).digest('hex');
      return request(body, { 'User-Agent': 'Stripe/1.0', 'Stripe-Signature': `t=${at},v1=${mac}` });
    },
  },
  standard: {
    secret: STANDARD_SECRET,
    refusal: 400,
    make(forged) {
      const body = Buffer.from(JSON.stringify(paymentCompleted()));
      const key = Buffer.from(STANDARD_SECRET.slice('whsec_'.length), 'base64');
      return request(body, standardHeaders(body, forged ? 'somebody else' : key));
    },
  },
  /** Signed with the key that the Polar SDK tries first. */
  polar: {
    secret: STANDARD_SECRET,
    refusal: 403,
    make(forged) {
      const { data, createdAt } = paymentCompleted();
      const event = { type: 'order.paid', timestamp: createdAt, data };
      const body = Buffer.from(JSON.stringify(event));
      return request(body, standardHeaders(body, forged ? 'somebody else' : STANDARD_SECRET));
    },
  },
};
