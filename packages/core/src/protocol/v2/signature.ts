import type { HttpHeaders } from '../../http/http.js';
import { filledHeader, V1_SIGNATURE_HEADER, V2_SIGNATURE_HEADER } from '../generation.js';
import {
  anyMatches,
  checkAge,
  type FailedSignature,
  hintAboutKeys,
  type HmacKey,
  isDigest,
  parseUnixSeconds,
  refused,
  type SignatureCheck,
  trimWhiteSpace,
} from '../signature.js';

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

/** What a `QBitFlow-Signature` header says. */
export interface SignatureHeader {
  /** The time as sent: this text is what was signed. */
  readonly timestamp: string;
  /** Every `v1` value, unjudged. */
  readonly signatures: readonly string[];
}

/** Node takes 16 KiB of headers altogether; a longer one is no header of QBitFlow's. */
const MAX_LENGTH = 16_384;

/** How QBitFlow writes it outside of a secret's rotation. */
const USUAL = /^t=([0-9]{1,18}),v1=([0-9a-f]{64})$/;

/**
 * Splits on `,`, each part on its first `=`, trims white space, ignores other keys. `undefined` unless there is exactly
 * one `t` and at least one `v1`.
 */
export function parseSignatureHeader(header: string): SignatureHeader | undefined {
  const usual = USUAL.exec(header);
  if (usual?.[1] !== undefined && usual[2] !== undefined) {
    return { timestamp: usual[1], signatures: [usual[2]] };
  }
  if (header.length > MAX_LENGTH) return undefined;
  const timestamps: string[] = [];
  const signatures: string[] = [];
  for (const part of header.split(',')) {
    const equals = part.indexOf('=');
    if (equals === -1) continue;
    const name = trimWhiteSpace(part.slice(0, equals));
    const value = trimWhiteSpace(part.slice(equals + 1));
    if (name === 't') timestamps.push(value);
    else if (name === 'v1') signatures.push(value);
  }
  const [timestamp, ...others] = timestamps;
  if (timestamp === undefined || others.length > 0 || signatures.length === 0) return undefined;
  return { timestamp, signatures };
}
