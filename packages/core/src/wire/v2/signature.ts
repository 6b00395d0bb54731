import type { HttpHeaders } from '../../http.js';
import { filledHeader, V1_SIGNATURE_HEADER, V2_SIGNATURE_HEADER } from '../generation.js';
import { anyMatches, hintAboutKeys, type HmacKey } from '../hmac.js';
import { refused, type SignatureCheck } from '../signature-result.js';
import { checkAge, parseUnixSeconds } from '../timestamp.js';
import { parseSignatureHeader } from './signature-header.js';

/** A v2 delivery and what to check it with. */
export interface V2SignatureInput {
  readonly headers: HttpHeaders;
  /** The bytes as received. */
  readonly body: Uint8Array;
  /** One for each secret that may have signed: several during a rotation. */
  readonly keys: readonly HmacKey[];
  /** Ms since 1970. */
  readonly nowMs: number;
  /** How far the signature's time may be from now, either way. */
  readonly toleranceSeconds: number;
}

/** Checks v2's signature over `t + "." + body` with every key (protocol, "v2 signature"). */
export function checkV2Signature(input: V2SignatureInput): SignatureCheck {
  const { headers, body, keys } = input;
  const text = filledHeader(headers, V2_SIGNATURE_HEADER);
  if (text === undefined) return refused('missing_header', hintAboutHeaders(headers));
  const header = parseSignatureHeader(text);
  const seconds = header && parseUnixSeconds(header.timestamp);
  if (header === undefined || seconds === undefined) return refused('malformed_header');
  const tooFar = checkAge(seconds, input);
  if (tooFar !== undefined) return tooFar;
  const signed = `${header.timestamp}.`;
  const digests = keys.map((key) => key.hex(signed, body));
  if (anyMatches(header.signatures, digests)) return { result: 'genuine' };
  return refused('no_matching_signature', hintAboutKeys(keys));
}

function hintAboutHeaders(headers: HttpHeaders): string | undefined {
  return filledHeader(headers, V1_SIGNATURE_HEADER) === undefined
    ? undefined
    : 'the delivery carries v1 headers: it is signed the v1 way';
}
