import type { HttpHeaders } from '../../http.js';
import { generationOf } from '../../wire/generation.js';
import { createHmacKey, type HmacKey } from '../../wire/hmac.js';
import type { Refusal, SignatureCheck } from '../../wire/signature-result.js';
import { checkV1Signature } from '../../wire/v1/signature.js';
import { checkV2Signature } from '../../wire/v2/signature.js';
import { parseJson } from './parse-json.js';
import { consumed } from './body-errors.js';
import type { ReceivedBody } from './read-raw-body.js';

/** Genuine, refused for a reason, or undecided: an outage of the checker is not a forgery. */
export type Verdict =
  | { readonly result: 'genuine'; readonly version: 'v1' | 'v2' }
  | { readonly result: 'refused'; readonly reason: Refusal; readonly hint?: string | undefined }
  | { readonly result: 'undecided'; readonly cause: unknown };

/** What a check needs to know beside the delivery. */
export interface SignatureRules {
  readonly keys: readonly HmacKey[];
  readonly nowMs: number;
  readonly toleranceSeconds: number;
}

/** Checks a delivery of either generation against local secrets. */
export function checkSignature(
  headers: HttpHeaders,
  body: ReceivedBody,
  rules: SignatureRules,
): Verdict {
  const version = generationOf(headers);
  if (version === undefined) return { result: 'refused', reason: 'missing_header' };
  const check =
    version === 'v2' ? checkBytes(headers, body, rules) : checkValue(headers, body, rules);
  return check.result === 'genuine' ? { result: 'genuine', version } : check;
}

function checkBytes(
  headers: HttpHeaders,
  body: ReceivedBody,
  rules: SignatureRules,
): SignatureCheck {
  if (body.kind === 'value') throw consumed();
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

/** What {@link verifySignature} takes. */
export interface VerifySignatureOptions {
  /** Lower-case names. */
  readonly headers: HttpHeaders;
  /** The bytes as received; for v1 a parsed value will do. */
  readonly body: Uint8Array | string | object;
  readonly secret: string | readonly string[];
  /** Ms since 1970. */
  readonly nowMs: number;
  /** @default 300 */
  readonly toleranceSeconds?: number;
}

/** Checks a delivery of either generation without a kit: a pure function of its arguments. */
export function verifySignature(options: VerifySignatureOptions): Verdict {
  const { headers, body, secret, nowMs, toleranceSeconds = 300 } = options;
  const keys = (typeof secret === 'string' ? [secret] : secret).map(createHmacKey);
  return checkSignature(headers, toReceivedBody(body), { keys, nowMs, toleranceSeconds });
}

function toReceivedBody(body: Uint8Array | string | object): ReceivedBody {
  if (typeof body === 'string') return { kind: 'bytes', bytes: Buffer.from(body, 'utf8') };
  if (body instanceof Uint8Array) return { kind: 'bytes', bytes: Buffer.from(body) };
  return { kind: 'value', value: body };
}
