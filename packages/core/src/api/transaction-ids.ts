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

/** An id without the ways in which the same one can be written. */
interface Spelled {
  /** `pay`, `sub`, …; '' for a bare id. */
  readonly kind: string;
  /** What follows, as it is compared. */
  readonly rest: string;
}

const PREFIX = /^[^\p{L}\p{N}]*(?:([a-z-]+)(?:@|%40))?/iu;
const UUID_DIGITS = /^[0-9a-f]{32}$/;

/**
 * One name for every spelling of a transaction's id: case, hyphens, braces and a mail client's dot make no other UUID.
 * An id that is no UUID stands for itself alone. For memories and live pages; the API is asked for ids verbatim.
 */
export function nameOfId(id: string): string {
  const { kind, rest } = spelled(id);
  if (!UUID_DIGITS.test(rest)) return id;
  return kind === '' ? rest : `${kind}@${rest}`;
}

/** Whether an answer about `answered` can be meant by a question about `asked`, written in whatever way. */
export function isSpellingOf(asked: string, answered: string): boolean {
  if (asked === answered) return true;
  const [one, other] = [spelled(asked), spelled(answered)];
  const sameKind = one.kind === other.kind || one.kind === '' || other.kind === '';
  return sameKind && one.rest !== '' && one.rest === other.rest;
}

function spelled(id: string): Spelled {
  const [before = '', kind = ''] = PREFIX.exec(id) ?? [];
  const rest = id
    .slice(before.length)
    .replace(/^urn:uuid:/i, '')
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
  return { kind: kind.toLowerCase(), rest: rest.toLowerCase() };
}
