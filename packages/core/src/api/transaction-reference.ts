import { QBitFlowError } from '../errors.js';
import type { TransactionType } from '../event/data.js';

/** A checkout as the merchant or a return URL names it. */
export interface TransactionReference {
  /** `pay@…`, `sub@…`, or the bare UUID of old links; opaque. */
  readonly uuid: string;
  /** Only v1 needs it; default from the id's prefix. The placeholders' old names are understood. */
  readonly type?: TransactionType | undefined;
}

const LONGEST_ID = 256;

/** Old return URLs and sessions name the two kinds of subscription otherwise than the API does. */
const TYPE_BY_OLD_NAME: ReadonlyMap<string, TransactionType> = new Map([
  ['subscription', 'createSubscription'],
  ['payAsYouGo', 'createPAYGSubscription'],
]);

/** The transaction type v1 is asked for: the given one under its API name, else the one the id's prefix tells. */
export function transactionTypeOf(reference: TransactionReference): TransactionType {
  const { type, uuid } = reference;
  if (type !== undefined && type !== '') return TYPE_BY_OLD_NAME.get(type) ?? type;
  return uuid.startsWith('sub@') ? 'createSubscription' : 'payment';
}

/**
 * An id as one path segment. Throws `invalid_reference` for what would name another path: encoding leaves dots alone,
 * and `..` climbs. A lone surrogate cannot be encoded at all.
 */
export function encodeId(uuid: string): string {
  if (uuid === '' || /^\.{1,2}$|\p{Surrogate}/u.test(uuid) || uuid.length > LONGEST_ID) {
    throw new QBitFlowError(
      'invalid_reference',
      'this is not the id of a transaction: pass the uuid exactly as QBitFlow gave it (pay@…, sub@…)',
    );
  }
  return encodeURIComponent(uuid);
}
