import { createHash } from 'node:crypto';

/** Keys and subjects are at most this many characters, all printable ASCII: they fit any store's column or key. */
export const MAX_KEY_LENGTH = 512;

/** The fields of an event's `data` that name what happened. */
export interface IdentifyingFields {
  readonly uuid?: unknown;
  readonly txType?: unknown;
  readonly txUuid?: unknown;
  readonly subscriptionUuid?: unknown;
}

type IdPrefix = 'pay@' | 'sub@' | 'sub-hist@' | 'refund@';

/** How an id is written in keys: a bare one gets the prefix of its kind, one with any prefix stays; '' when absent. */
export function canonicalId(prefix: IdPrefix, id: unknown): string {
  if (typeof id !== 'string' || id === '') return '';
  return id.includes('@') ? id : prefix + id;
}

/** The prefix of ids under which transactions of this type run; checkout sessions carry the id they create. */
export function prefixOf(txType: unknown): IdPrefix {
  if (typeof txType !== 'string') return 'pay@';
  if (/subscription|payg|payasyougo|allowance|maxamount/i.test(txType)) return 'sub@';
  return txType === 'refund' ? 'refund@' : 'pay@';
}

/**
 * The idempotency key: what happened, whoever reported it. Payments, subscriptions' beginnings, bills, refunds and
 * expired checkouts are named by their own id, so v1, v2, the return page and recovery agree; everything else, and
 * what came without its id, by `otherwise` (the event id, or what makes a v1 body unique).
 */
export function keyOf(type: string, data: IdentifyingFields, otherwise: string): string {
  return bounded(`${type}:${ownIdOf(type, data) || otherwise}`);
}

/** Key of a completed payment, from its id alone. */
export function keyOfPayment(uuid: string): string {
  return keyOf('payment.completed', { uuid }, '');
}

/** Key of a created subscription, from its id alone. */
export function keyOfSubscription(uuid: string): string {
  return keyOf('subscription.created', { uuid }, '');
}

/** Key of an expired checkout, from its session id and transaction type. */
export function keyOfExpiredCheckout(uuid: string, txType: string | undefined): string {
  return keyOf('checkout.expired', { uuid, txType }, '');
}

/** Whether an event of this type with this data is named by its own id rather than by the event's. */
export function ownIdOf(type: string, data: IdentifyingFields): string {
  switch (type) {
    case 'payment.completed':
      return canonicalId('pay@', data.uuid);
    case 'subscription.created':
      return canonicalId('sub@', data.uuid);
    case 'subscription.billed':
      return canonicalId('sub-hist@', data.uuid);
    case 'refund.requested':
    case 'refund.completed':
    case 'refund.denied':
      return canonicalId('refund@', data.uuid);
    case 'checkout.expired':
      return canonicalId(prefixOf(data.txType), data.uuid);
    default:
      return '';
  }
}

/**
 * The transaction an event is about: a payment's or subscription's id, a bill's subscription, a refund's transaction.
 * What is about none, or does not say, is its own subject.
 */
export function subjectOf(type: string, data: IdentifyingFields, key: string): string {
  return bounded(transactionOf(type, data) || key);
}

function transactionOf(type: string, data: IdentifyingFields): string {
  if (type === 'subscription.billed') return canonicalId('sub@', data.subscriptionUuid);
  if (type.startsWith('subscription.')) return canonicalId('sub@', data.uuid);
  if (type.startsWith('refund.')) return canonicalId('pay@', data.txUuid);
  if (type === 'transaction.updated') return canonicalId(prefixOf(data.txType), data.uuid);
  return ownIdOf(type, data);
}

const SAFE = /^[\x20-\x7e]*$/;

/** A name that any store can keep: names come from outside, and long ones and those with characters a store may refuse or fold become a hash. */
export function bounded(name: string): string {
  if (name.length <= MAX_KEY_LENGTH && SAFE.test(name)) return name;
  const kind = name
    .slice(0, Math.max(0, name.indexOf(':')))
    .replace(/[^\w.]/g, '_')
    .slice(0, 64);
  // UTF-16: in UTF-8 all lone surrogates would be the same three bytes.
  const hash = createHash('sha256').update(Buffer.from(name, 'utf16le')).digest('hex');
  return `${kind}:sha256-${hash}`;
}
