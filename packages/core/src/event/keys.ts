import { createHash } from 'node:crypto';
import { takesShortcuts } from '../shortcuts.js';
import { isUnderstoodType, type NamedId, rowOf } from './types.js';

/** Keys and subjects are at most this many characters, all printable ASCII: they fit any store's column or key. */
export const MAX_KEY_LENGTH = 512;

/** The fields of an event's `data` that name what happened. */
export interface IdentifyingFields {
  readonly uuid?: unknown;
  readonly txType?: unknown;
  readonly txUuid?: unknown;
  readonly subscriptionUuid?: unknown;
}

/**
 * The idempotency key: what happened, whoever reported it. Payments, subscriptions' beginnings, bills, refunds and
 * expired checkouts are named by their own id, so v1, v2, the return page and recovery agree; everything else, and
 * what came without its id, by `fallbackId` (the event id, or what makes a v1 body unique).
 */
export function keyOf(type: string, data: IdentifyingFields, fallbackId: string): string {
  const own = ownIdOf(type, data);
  return toSafeKey(
    `${type}:${own || (rowOf(type)?.key === undefined ? fallbackId : noId(fallbackId))}`,
  );
}

/** Key of an event whose type this kit does not know. */
export function keyOfUnknown(sentType: string, fallbackId: string): string {
  return toSafeKey(`${recordedTypeOf(sentType)}:${fallbackId}`);
}

/** The type under which a body that cannot be read is recorded, and the beginning of its key. */
export const UNREADABLE_TYPE = 'unreadable';

/** Names that mean something of their own where a type is recorded. */
const RESERVED: ReadonlySet<string> = new Set(['unknown', UNREADABLE_TYPE]);

/**
 * The type under which an event that is not understood is recorded, and its key's beginning: as sent, unless that is
 * or looks like the beginning of an understood event's key (a v1 body may call itself `payment.completed`). Then it
 * stands under `unknown:`, where no understood event ever is. A type that a later kit knows keeps its keys.
 */
export function recordedTypeOf(sentType: string): string {
  const harmless = !sentType.includes(':') && !RESERVED.has(sentType);
  if (harmless && !isUnderstoodType(sentType)) return sentType;
  return `unknown:${sentType.replaceAll('%', '%25').replaceAll(':', '%3A')}`;
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

/** Own ids have an `@`: what merely stands in for one must not, or it would be the id of something else. */
function noId(fallbackId: string): string {
  return fallbackId.includes('@') ? `sha256-${sha256(fallbackId)}` : fallbackId;
}

/** The id an event of this type with this data is named by, '' when it goes by the event's. */
export function ownIdOf(type: string, data: IdentifyingFields): string {
  return idIn(data, rowOf(type)?.key);
}

/**
 * The transaction an event is about: a payment's or subscription's id, a bill's subscription, a refund's transaction.
 * What is about none, or does not say, is its own subject.
 */
export function subjectOf(type: string, data: IdentifyingFields, key: string): string {
  return toSafeKey(idIn(data, rowOf(type)?.subject) || key);
}

function idIn(data: IdentifyingFields, id: NamedId | undefined): string {
  if (id === undefined) return '';
  const prefix = id.prefix === 'of txType' ? prefixOf(data.txType) : id.prefix;
  return canonicalId(prefix, data[id.field]);
}

/** A name that any store can keep: names come from outside, and long ones and those with characters a store may refuse or fold become a hash. */
export function toSafeKey(name: string): string {
  if (name.length <= MAX_KEY_LENGTH && isPrintable(name)) return name;
  const kind = name
    .slice(0, Math.max(0, name.indexOf(':')))
    .replace(/[^\w.]/g, '_')
    .slice(0, 64);
  return `${kind}:sha256-${sha256(name)}`;
}

/** ASCII alone. A loop: in a process at work an expression takes thrice as long, and each delivery has three names. */
function isPrintable(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
}

function sha256(text: string): string {
  // UTF-16: in UTF-8 all lone surrogates would be the same three bytes.
  return createHash('sha256').update(Buffer.from(text, 'utf16le')).digest('hex');
}

/** What an id in QBitFlow's bodies begins with, by the kind of thing it names. */
export type IdPrefix = 'pay@' | 'sub@' | 'sub-hist@' | 'refund@';

/** A UUID as QBitFlow's and most other parsers take it: any case, hyphens or none, in braces or as a URN. */
const UUID = /^(?:urn:uuid:)?([0-9a-f]{4}(?:-?[0-9a-f]{4}){7})$/i;
const PREFIXED = /^([a-z][a-z-]*@)(.+)$/i;
/** Longer than any spelling of an id that holds a UUID. */
const LONGEST_SPELLING = 128;

/**
 * How an id is written in keys and subjects: a bare one gets the prefix of its kind, one with any prefix keeps it, and
 * all spellings of one UUID are one (lower case, with hyphens, as QBitFlow sends them). Any other id is opaque and
 * stays as it is; '' when absent. Calls to the API take the id verbatim instead.
 */
export function canonicalId(prefix: IdPrefix, id: unknown): string {
  if (typeof id !== 'string' || id === '') return '';
  if (takesShortcuts && isUsualId(id)) return id;
  return folded(prefix, id) ?? (id.includes('@') ? id : prefix + id);
}

const USUAL_PREFIXES: readonly IdPrefix[] = ['pay@', 'sub@', 'sub-hist@', 'refund@'];
const UUID_LENGTH = 36;
const HYPHEN = 0x2d;

/**
 * Whether an id is as QBitFlow writes its own, which needs no other spelling. A loop: each delivery has several, and an
 * expression takes four times as long in a process at work.
 */
function isUsualId(id: string): boolean {
  const start = id.length - UUID_LENGTH;
  if (start < 4 || !USUAL_PREFIXES.some((one) => one.length === start && id.startsWith(one)))
    return false;
  for (let at = 0; at < UUID_LENGTH; at += 1) {
    const code = id.charCodeAt(start + at);
    const isHyphen = at === 8 || at === 13 || at === 18 || at === 23;
    const isHex = (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66);
    if (isHyphen ? code !== HYPHEN : !isHex) return false;
  }
  return true;
}

/** `undefined` for what is no UUID, with or without a prefix. */
function folded(prefix: IdPrefix, id: string): string | undefined {
  if (id.length > LONGEST_SPELLING) return undefined;
  const bare = unbraced(id);
  const prefixed = PREFIXED.exec(bare);
  const written = UUID.exec(unbraced(prefixed?.[2] ?? bare))?.[1];
  const hex = written?.replaceAll('-', '').toLowerCase();
  if (hex === undefined) return undefined;
  const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return (prefixed?.[1]?.toLowerCase() ?? prefix) + uuid;
}

function unbraced(text: string): string {
  return text.startsWith('{') && text.endsWith('}') ? text.slice(1, -1) : text;
}

/** The prefix of ids under which transactions of this type run; checkout sessions carry the id they create. */
export function prefixOf(txType: unknown): IdPrefix {
  if (typeof txType !== 'string') return 'pay@';
  if (/subscription|payg|payasyougo|allowance|maxamount/i.test(txType)) return 'sub@';
  return txType === 'refund' ? 'refund@' : 'pay@';
}
