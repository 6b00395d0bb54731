import type { HttpHeaders } from '../http/http.js';
import { GENERATIONS, signaturesIn, type Generation } from '../protocol/generation.js';
import { createHmacKey, type HmacKey } from '../protocol/hmac.js';
import type { Refusal, SignatureCheck } from '../protocol/signature-result.js';
import { checkV1Signature, readV1Claim } from '../protocol/v1/signature.js';
import { checkV2Signature, readV2Claim } from '../protocol/v2/signature.js';
import { toReceivedBody } from './parse-event.js';
import { parseJson } from './parse-json.js';
import { consumed, type ReceivedBody } from './body.js';

/**
 * Genuine, refused for a reason, or undecided: an outage of the checker is not a forgery. `version` says whose
 * signature verified, which is not what the body is: one secret may sign for both generations. `parseEvent` tells.
 */
export type Verdict =
  | { readonly result: 'genuine'; readonly version: 'v1' | 'v2' }
  | { readonly result: 'refused'; readonly reason: Refusal; readonly hint?: string | undefined }
  | { readonly result: 'undecided'; readonly cause: unknown };

/** What a check needs to know beside the delivery. */
export interface SignatureRules extends HeaderRules {
  readonly keys: readonly HmacKey[];
}

/** What is known of a delivery's signatures before its body is. */
export interface HeaderRules {
  /** Whose signatures are accepted. */
  readonly generations: readonly Generation[];
  readonly nowMs: number;
  readonly toleranceSeconds: number;
}

/** What came of one of a delivery's signatures; `bytes_gone`: only the parsed value is left, and this one signs the bytes. */
export type OneCheck = SignatureCheck | { readonly result: 'bytes_gone' };
/** A check that did not prove anything. */
export type FailedCheck = Exclude<OneCheck, { result: 'genuine' }>;

/** A delivery as far as signatures go. */
export interface Delivery {
  readonly headers: HttpHeaders;
  readonly body: ReceivedBody;
}

/**
 * Checks a delivery against local secrets: with either generation's signature it is genuine. Accepting any of two adds
 * nothing to what a forger can do, who could leave the other one out. Throws `body_consumed` when none verifies and
 * one of them could not be checked.
 */
export function checkSignature(
  headers: HttpHeaders,
  body: ReceivedBody,
  rules: SignatureRules,
): Verdict {
  const failed: FailedCheck[] = [];
  for (const version of signaturesIn(headers, rules.generations)) {
    const check = checkOne(version, { headers, body }, rules);
    if (check.result === 'genuine') return { result: 'genuine', version };
    failed.push(check);
  }
  return refusalOf(failed, headers);
}

/**
 * The refusal that a delivery's headers alone call for: no signature, a malformed one, or one made long ago. It comes
 * before a byte of the body is read, so that what can be told for nothing costs nothing.
 */
export function checkHeaders(
  headers: HttpHeaders,
  rules: HeaderRules,
): Extract<Verdict, { result: 'refused' }> | undefined {
  const failed: FailedCheck[] = [];
  for (const version of signaturesIn(headers, rules.generations)) {
    const read = version === 'v1' ? readV1Claim : readV2Claim;
    const claim = read({ headers, ...rules });
    if (claim.result === 'claimed') return undefined;
    failed.push(claim);
  }
  return refusalOf(failed, headers);
}

/** Checks the one signature of a generation. */
export function checkOne(
  version: Generation,
  { headers, body }: Delivery,
  rules: SignatureRules,
): OneCheck {
  if (version === 'v1') return checkValue(headers, body, rules);
  if (body.kind === 'value') return { result: 'bytes_gone' };
  return checkV2Signature({ headers, body: body.bytes, ...rules });
}

function checkValue(
  headers: HttpHeaders,
  body: ReceivedBody,
  rules: SignatureRules,
): SignatureCheck {
  const json = body.kind === 'value' ? { ok: true, value: body.value } : parseJson(body.bytes);
  if (!json.ok) return { result: 'refused', reason: 'unreadable_body' };
  return checkV1Signature({ headers, value: json.value, ...rules });
}

/** What all signatures of a delivery together come to when none verified. Throws `body_consumed`. */
export function refusalOf(
  failed: readonly FailedCheck[],
  headers: HttpHeaders,
): Extract<Verdict, { result: 'refused' }> {
  // What could not be checked may be right: the sender shall come again once the route is mounted properly.
  if (failed.some(({ result }) => result === 'bytes_gone')) throw consumed();
  const refusal = failed.find((check) => check.result === 'refused');
  return refusal ?? { result: 'refused', reason: 'missing_header', hint: switchedOff(headers) };
}

function switchedOff(headers: HttpHeaders): string | undefined {
  const carried = signaturesIn(headers);
  return carried.length === 0
    ? undefined
    : `it is signed the ${carried.join(' and the ')} way, which the option generations has switched off`;
}

/** What {@link verifySignature} takes. */
export interface VerifySignatureOptions {
  readonly headers: HttpHeaders;
  /** The bytes as received; for v1's signature a parsed value will do. */
  readonly body: Uint8Array | string | object;
  readonly secret: string | readonly string[];
  /** Ms since 1970. */
  readonly nowMs: number;
  /** @default 300 */
  readonly toleranceSeconds?: number;
  /** Whose signatures are accepted. @default both */
  readonly generations?: readonly ('v1' | 'v2')[];
}

/**
 * Checks a delivery with the signature of either generation, or with both, without a kit: a pure function of its
 * arguments. Throws `body_consumed` for a parsed value that only v2's signature could prove.
 */
export function verifySignature(options: VerifySignatureOptions): Verdict {
  const { headers, body, secret, nowMs, toleranceSeconds = 300 } = options;
  const { generations = GENERATIONS } = options;
  const keys = (typeof secret === 'string' ? [secret] : secret).map(createHmacKey);
  const rules = { keys, nowMs, toleranceSeconds, generations };
  return checkSignature(headers, toReceivedBody(body), rules);
}
