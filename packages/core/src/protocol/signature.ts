import crypto, {
  createHash,
  createHmac,
  createSecretKey,
  type Hmac,
  timingSafeEqual,
} from 'node:crypto';
import { QBitFlowError } from '../errors.js';
import { oddityOfSecret } from '../oddity.js';
import { headerOf, type HttpHeaders } from '../http/http.js';
import { takesShortcuts } from '../shortcuts.js';

/** Header of v2's signature. The headers stand together, because each generation recognises the other's by them. */
export const V2_SIGNATURE_HEADER = 'qbitflow-signature';
/** Header of v1's signature. */
export const V1_SIGNATURE_HEADER = 'x-webhook-signature-256';
/** Header of the time v1's signature was made. */
export const V1_TIMESTAMP_HEADER = 'x-webhook-timestamp';

/** A header of a delivery; a blank one is as good as none. */
export function filledHeader(headers: HttpHeaders, name: string): string | undefined {
  const value = headerOf(headers, name);
  return value === undefined || trimWhiteSpace(value) === '' ? undefined : value;
}

/** What a signature's headers are checked against. */
export interface HeaderInput {
  readonly headers: HttpHeaders;
  /** Ms since 1970. */
  readonly nowMs: number;
  /** How far the signature's time may be from now, either way. */
  readonly toleranceSeconds: number;
}

/** Why a delivery's signature was not accepted. Goes to the log, never to the sender. */
export type SignatureFailure =
  | 'missing_header'
  | 'malformed_header'
  | 'timestamp_outside_tolerance'
  | 'no_matching_signature'
  | 'unreadable_body';

/** A signature that was not accepted; `hint` names a likely cause for the log. */
export interface FailedSignature {
  readonly result: 'refused';
  readonly reason: SignatureFailure;
  readonly hint?: string;
}

/** Outcome of checking a signature with local secrets. */
export type SignatureCheck = { readonly result: 'genuine' } | FailedSignature;

/** A refusal, with a hint where one is known. */
export function refused(reason: SignatureFailure, hint?: string): FailedSignature {
  return hint === undefined ? { result: 'refused', reason } : { result: 'refused', reason, hint };
}

/** A webhook secret, ready to sign. */
export interface HmacKey {
  /** HMAC-SHA256 of a text (as UTF-8) and bytes behind it: 64 lower-case hex digits. */
  hex(text: string, bytes?: Uint8Array): string;
  /** An HMAC-SHA256 to be fed piece by piece. */
  begin(): Hmac;
  /** What looks wrong with the secret, if anything does: it is taken as it is. */
  readonly oddity: string | undefined;
}

/** Prepares a secret; the whole text is the key. Throws `misconfigured` for an empty one. */
export function createHmacKey(secret: string): HmacKey {
  if (secret === '') {
    throw new QBitFlowError(
      'misconfigured',
      'the webhook secret is empty: copy it from the QBitFlow dashboard',
    );
  }
  const key = createSecretKey(secret, 'utf8');
  const begin = (): Hmac => createHmac('sha256', key);
  let isPrepared = false;
  let quickHex: QuickHex | undefined;
  return {
    begin,
    hex(text, bytes = NO_BYTES) {
      const hex = quickHex?.(text, bytes) ?? begin().update(text).update(bytes).digest('hex');
      // Not for its first text: a key that is used once is not worth preparing, and this one proves the other way.
      if (!isPrepared) {
        const quick = paddedHashes(secret);
        quickHex = quick?.(text, bytes) === hex ? quick : undefined;
      }
      isPrepared = true;
      return hex;
    },
    oddity: oddityOfSecret(secret),
  };
}

const NO_BYTES = new Uint8Array(0);

type QuickHex = (text: string, bytes: Uint8Array) => string | undefined;

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
/** Every event QBitFlow documents is below it. */
const MOST_HASHED_BYTES = 16_384;

/**
 * HMAC as RFC 2104 writes it, of two hashes of one call each: an `Hmac` object, which is made, fed and collected for every
 * delivery, takes a third longer. `undefined` for what is too long, and where there is no such call.
 * `test/protocol/hmac.test.ts` holds both to the same digests.
 */
function paddedHashes(secret: string): QuickHex | undefined {
  // Not imported by name: a runtime without it (Node before 20.12, some others) would not load this module.
  const { hash } = crypto;
  if (!takesShortcuts || typeof hash !== 'function') return undefined;
  const utf8 = Buffer.from(secret, 'utf8');
  const key = utf8.length > BLOCK_BYTES ? createHash('sha256').update(utf8).digest() : utf8;
  const inner = Buffer.alloc(BLOCK_BYTES + MOST_HASHED_BYTES, 0x36);
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES, 0x5c);
  for (const [at, byte] of key.entries()) {
    inner[at] = byte ^ 0x36;
    outer[at] = byte ^ 0x5c;
  }
  return (text, bytes) => {
    // UTF-8 makes three bytes of a UTF-16 unit at most.
    if (3 * text.length + bytes.length > MOST_HASHED_BYTES) return undefined;
    const start = BLOCK_BYTES + inner.write(text, BLOCK_BYTES, 'utf8');
    inner.set(bytes, start);
    const digest = hash('sha256', inner.subarray(0, start + bytes.length), 'binary');
    outer.write(digest, BLOCK_BYTES, 'latin1');
    return hash('sha256', outer, 'hex');
  };
}

/** Whether a text can be a digest at all: one that cannot is not worth hashing anything for. */
export function isDigest(text: string): boolean {
  if (text.length !== 2 * DIGEST_BYTES) return false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isHex = isDigit(code) || (code >= CODE_OF_A && code <= CODE_OF_F);
    if (!isHex) return false;
  }
  return true;
}

// Loops: in a process at work expressions take several times as long.

const CODE_OF_A = 0x61;
const CODE_OF_F = 0x66;

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function areDigits(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (!isDigit(text.charCodeAt(at))) return false;
  return text.length > 0;
}

/**
 * Whether any candidate equals any digest. Each pair is compared, each in constant time. All candidates are
 * {@link isDigest}: others might be taken for one.
 */
export function anyMatches(candidates: readonly string[], digests: readonly string[]): boolean {
  let found = false;
  for (const candidate of candidates) {
    const bytes = Buffer.from(candidate, 'latin1');
    for (const digest of digests)
      found = timingSafeEqual(bytes, Buffer.from(digest, 'latin1')) || found;
  }
  return found;
}

/** What to say about keys none of which matched. */
export function hintAboutKeys(keys: readonly HmacKey[]): string | undefined {
  const oddity = keys.find((key) => key.oddity !== undefined)?.oddity;
  return oddity === undefined ? undefined : `the secret ${oddity}`;
}

const MOST_DIGITS = 64;
const MAX_INT64 = 9_223_372_036_854_775_807n;

/** Unix seconds as v2 writes them, and v1 but for a `+`: ASCII digits that fit an int64. `undefined` for anything else. */
export function parseUnixSeconds(text: string): number | undefined {
  if (text.length > MOST_DIGITS || !areDigits(text)) return undefined;
  if (text.length > 18 && BigInt(text) > MAX_INT64) return undefined;
  return Number(text);
}

/** Refuses a time more than `toleranceSeconds` from now, either way; the boundary itself is accepted. */
export function checkAge(
  seconds: number,
  { nowMs, toleranceSeconds }: { readonly nowMs: number; readonly toleranceSeconds: number },
): FailedSignature | undefined {
  const age = Math.floor(nowMs / 1000) - seconds;
  if (Math.abs(age) <= toleranceSeconds) return undefined;
  const direction = age > 0 ? 'behind' : 'ahead of';
  return refused(
    'timestamp_outside_tolerance',
    `signed ${Math.abs(age)} s ${direction} this machine's clock (${toleranceSeconds} s allowed): an old delivery sent again, or a clock that is wrong`,
  );
}

/** What Unicode calls White_Space: U+0085 too, unlike `trim()`, and not U+FEFF. */
const WHITE_SPACE = /^\p{White_Space}$/u;

/** `text` without the white space around it. A loop, because an expression would take quadratic time on long runs. */
export function trimWhiteSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isWhite(text, start)) start += 1;
  while (end > start && isWhite(text, end - 1)) end -= 1;
  return text.slice(start, end);
}

function isWhite(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  // ASCII beyond the space: nearly every header begins and ends with it.
  return !(code > 0x20 && code < 0x7f) && WHITE_SPACE.test(text.charAt(at));
}
