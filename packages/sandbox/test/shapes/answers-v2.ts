import { z } from 'zod';
import {
  addsUp,
  coversFees,
  paymentFields,
  paymentReadFields,
  subscriptionReadFields,
} from './bodies-v2.js';
import { envelope, eventDataV2, refund, subscription } from './events-v2.js';
import {
  count,
  eventId,
  flag,
  requestId,
  seconds,
  text,
  time,
  transactionId,
  url,
  usd,
  uuid,
  words,
} from './fields.js';

// protocol §1, §2 and §4: what v2's API answers.

export const created = z.strictObject({
  link: url,
  uuid: transactionId,
  expiresAt: time.optional(),
});

export const status = z.strictObject({
  uuid: transactionId,
  status: z.enum(['created', 'waitingConfirmation', 'completed', 'expired']),
  txHash: words.optional(),
  message: text.optional(),
  lastAttempt: z
    .strictObject({
      status: z.literal('failed'),
      code: words.optional(),
      message: text.optional(),
      txHash: words.optional(),
      at: time,
    })
    .optional(),
});

export const payment = z
  .strictObject({
    ...paymentFields,
    ...paymentReadFields,
    refund: z.union([refund('pending'), refund('approved'), refund('rejected')]).optional(),
  })
  .refine(addsUp, 'amounts do not add up')
  .refine(coversFees, 'amount is not price + fees');

export const subscriptionRead = subscription(subscriptionReadFields);

const types = Object.keys(eventDataV2) as (keyof typeof eventDataV2)[];

export const eventPage = z.strictObject({
  items: z.array(z.union(types.map((type) => envelope(type)))).max(100),
  nextCursor: eventId.nullable(),
});

const attempt = z.strictObject({
  uuid,
  eventId,
  eventType: words,
  endpointUuid: uuid,
  attempt: z.int().positive(),
  delivered: flag,
  skipped: z.unknown().optional(),
  statusCode: z.int().min(100).max(599).optional(),
  error: words.optional(),
  durationMs: count,
  attemptedAt: time,
});

const deliveries = z.array(
  z.strictObject({ endpointUuid: uuid, url, delivered: flag, attempts: z.array(attempt) }),
);

export const eventDetail = z.union(types.map((type) => envelope(type, { deliveries })));

/** Of the key's owner; the protocol names the space's `test` and leaves the rest open. */
export const me = z.looseObject({ role: words, space: z.looseObject({ test: flag }) });

/** What a genuine delivery is answered is not said beyond its status. */
export const verified = z.looseObject({});

export const error = z.strictObject({
  error: words,
  code: z.enum([
    'already_joined',
    'bad_request',
    'conflict',
    'forbidden',
    'foreign_key_violation',
    'held_funds_pending',
    'held_funds_released',
    'idempotency_key_in_use',
    'idempotency_key_reused',
    'internal',
    'invalid_signature',
    'merchant_closed',
    'merchant_not_ready',
    'network_unavailable',
    'not_found',
    'payment_not_due',
    'plan_required',
    'policy_disabled',
    'rate_limit_exceeded',
    'refund_already_exists',
    'request_too_large',
    'subscription_already_stopped_or_inactive',
    'timeout',
    'tx_already_sent',
    'unauthorized',
    'unique_violation',
    'validation_failed',
  ]),
  details: z
    .strictObject({
      errors: z.array(z.strictObject({ field: words, message: words })).min(1),
      field: words,
      max: usd,
      reason: z.enum(['noWallet', 'organizationNoWallet', 'noTokenWallet']),
      policy: words,
      refundUuid: words,
      retryAfterSeconds: seconds,
      limit: count,
      periodSeconds: seconds,
    })
    .partial()
    .optional(),
  requestId,
});
