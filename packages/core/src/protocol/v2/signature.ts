import type { HttpHeaders } from '../../http/http.js';
import { filledHeader, V1_SIGNATURE_HEADER, V2_SIGNATURE_HEADER } from '../generation.js';
import { anyMatches, hintAboutKeys, isDigest, type HmacKey } from '../hmac.js';
import { refused, type FailedSignature, type SignatureCheck } from '../signature-result.js';
import { checkAge, parseUnixSeconds } from '../timestamp.js';
import { parseSignatureHeader, type SignatureHeader } from './signature-header.js';

/** What a v2 delivery's header is held against. */
export interface V2HeaderInput {
  readonly headers: HttpHeaders;
  /** Ms since 1970. */
  readonly nowMs: number;
  /** How far the signature's time may be from now, either way. */
  readonly toleranceSeconds: number;
}

/** A v2 delivery and what to check it with. */
export interface V2SignatureInput extends V2HeaderInput {
  /** The bytes as received. */
  readonly body: Uint8Array;
  /** One for each secret that may have signed: several during a rotation. */
  readonly keys: readonly HmacKey[];
}

/** What v2's header claims. */
export interface V2Claim extends SignatureHeader {
  readonly result: 'claimed';
}

/** What v2's header alone tells, which costs nothing: whether there is a claim to be checked at all. */
export function readV2Claim(input: V2HeaderInput): V2Claim | FailedSignature {
  const { headers } = input;
  const text = filledHeader(headers, V2_SIGNATURE_HEADER);
  if (text === undefined) return refused('missing_header', hintAboutHeaders(headers));
  const header = parseSignatureHeader(text);
  const seconds = header && parseUnixSeconds(header.timestamp);
  if (header === undefined || seconds === undefined) return refused('malformed_header');
  return checkAge(seconds, input) ?? { result: 'claimed', ...header };
}

/** Checks v2's signature over `t + "." + body` with every key (protocol, "v2 signature"). */
export function checkV2Signature(input: V2SignatureInput): SignatureCheck {
  const { body, keys } = input;
  const claim = readV2Claim(input);
  if (claim.result === 'refused') return claim;
  const signed = `${claim.timestamp}.`;
  // What cannot be a digest matches none: nothing is hashed for it.
  const digests = claim.signatures.some(isDigest) ? keys.map((key) => key.hex(signed, body)) : [];
  if (anyMatches(claim.signatures, digests)) return { result: 'genuine' };
  return refused('no_matching_signature', hintAboutKeys(keys));
}

function hintAboutHeaders(headers: HttpHeaders): string | undefined {
  return filledHeader(headers, V1_SIGNATURE_HEADER) === undefined
    ? undefined
    : 'the delivery carries v1 headers: it is signed the v1 way';
}
