import { timingSafeEqual } from 'node:crypto';
import { digestOf } from './signing.js';

/** How old, or how far ahead, a signature may be, in seconds, boundary included. */
const TOLERANCE_S = 300;

/** A signature taken apart. */
export interface SignatureClaim {
  /** Unix seconds, as received; v1's may carry a sign. */
  readonly timestamp: string;
  /** Lower-case hex; one that matches is enough. */
  readonly digests: readonly string[];
  /** What was signed after the timestamp: v2's raw body, v1's canonical JSON. */
  readonly signed: string;
}

/**
 * What a `QBitFlow-Signature` header claims of a body: split on `,`, each part on its first `=`, white space trimmed,
 * other keys ignored. `undefined` unless there is exactly one `t`, in digits, and at least one `v1`.
 */
export function readClaimV2(header: string, body: string): SignatureClaim | undefined {
  const parts = header.split(',').flatMap((part) => partOf(part) ?? []);
  const [timestamp, ...others] = parts.filter(({ key }) => key === 't').map(({ value }) => value);
  const digests = parts.filter(({ key }) => key === 'v1').map(({ value }) => value);
  if (timestamp === undefined || others.length > 0 || digests.length === 0) return undefined;
  return /^\d+$/.test(timestamp) ? { timestamp, digests, signed: body } : undefined;
}

function partOf(part: string): { readonly key: string; readonly value: string } | undefined {
  const equals = part.indexOf('=');
  if (equals === -1) return undefined;
  return { key: trimmed(part.slice(0, equals)), value: trimmed(part.slice(equals + 1)) };
}

/** What v1's two headers claim of a body in canonical form; `undefined` where they are malformed. */
export function readClaimV1(
  signature: string,
  timestamp: string,
  canonical: string,
): SignatureClaim | undefined {
  const digest = /^sha256=([0-9a-f]{64})$/.exec(signature)?.[1];
  if (digest === undefined || !/^\+?\d+$/.test(timestamp)) return undefined;
  return { timestamp, digests: [digest], signed: canonical };
}

/** Whether one of the secrets has made one of the digests, not long before or after `nowMs`. */
export function isGenuine(
  { timestamp, digests, signed }: SignatureClaim,
  secrets: readonly string[],
  nowMs: number,
): boolean {
  const ageS = Math.floor(nowMs / 1000) - Number(timestamp);
  if (Math.abs(ageS) > TOLERANCE_S) return false;
  return secrets.some((secret) => {
    const expected = Buffer.from(digestOf(secret, timestamp, signed));
    return digests.some((given) => isEqual(expected, Buffer.from(given)));
  });
}

function isEqual(expected: Buffer, given: Buffer): boolean {
  return expected.byteLength === given.byteLength && timingSafeEqual(expected, given);
}

/** What Unicode calls White_Space: unlike `trim()` with U+0085 and without U+FEFF. */
const WHITE_SPACE = /\p{White_Space}/u;

/** `text` without the white space around it. A loop, because an expression takes quadratic time on long runs. */
export function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && WHITE_SPACE.test(text.charAt(start))) start += 1;
  while (end > start && WHITE_SPACE.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
