import { isQBitFlowError } from '../../errors.js';
import type { HttpHeaders } from '../../http.js';
import {
  filledHeader,
  V1_SIGNATURE_HEADER,
  V1_TIMESTAMP_HEADER,
  V2_SIGNATURE_HEADER,
} from '../generation.js';
import { anyMatches, hintAboutKeys, type HmacKey } from '../hmac.js';
import { refused, type SignatureCheck } from '../signature-result.js';
import { checkAge, parseUnixSeconds } from '../timestamp.js';
import { canonicalJson } from './canonical-json.js';

/** A v1 delivery and what to check it with. */
export interface V1SignatureInput {
  readonly headers: HttpHeaders;
  /** The JSON-parsed body: v1 signs the value, not the bytes. */
  readonly value: unknown;
  /** One for each secret that may have signed. */
  readonly keys: readonly HmacKey[];
  /** Ms since 1970. */
  readonly nowMs: number;
  /** How far the signature's time may be from now, either way. */
  readonly toleranceSeconds: number;
}

/** Upper-case digits are well-formed, but match nothing. */
const SIGNATURE = /^sha256=([0-9a-fA-F]{64})$/;

/** Checks v1's signature over `timestamp + "." + canonicalJson(value)` with every key (protocol, "v1 signature"). */
export function checkV1Signature(input: V1SignatureInput): SignatureCheck {
  const { headers, value, keys } = input;
  const signature = filledHeader(headers, V1_SIGNATURE_HEADER);
  const timestamp = filledHeader(headers, V1_TIMESTAMP_HEADER);
  if (signature === undefined || timestamp === undefined)
    return refused('missing_header', hintAboutHeaders(headers, signature));
  const digest = SIGNATURE.exec(signature)?.[1];
  // Go's ParseInt takes a sign; what was signed is the text, sign included.
  const seconds = parseUnixSeconds(timestamp.replace(/^\+/, ''));
  if (digest === undefined || seconds === undefined) return refused('malformed_header');
  const tooFar = checkAge(seconds, input);
  if (tooFar !== undefined) return tooFar;
  const canonical = canonicalOf(value);
  if (canonical === undefined)
    return refused('unreadable_body', 'the body is not a JSON value v1 could have signed');
  const digests = keys.map((key) => key.hex(`${timestamp}.${canonical}`));
  if (anyMatches([digest], digests)) return { result: 'genuine' };
  return refused('no_matching_signature', hintAboutKeys(keys));
}

function canonicalOf(value: unknown): string | undefined {
  try {
    return canonicalJson(value);
  } catch (error) {
    if (isQBitFlowError(error)) return undefined;
    throw error;
  }
}

function hintAboutHeaders(headers: HttpHeaders, signature: string | undefined): string | undefined {
  if (filledHeader(headers, V2_SIGNATURE_HEADER) !== undefined)
    return 'the delivery is signed the v2 way';
  return `${signature === undefined ? V1_SIGNATURE_HEADER : V1_TIMESTAMP_HEADER} is missing`;
}
