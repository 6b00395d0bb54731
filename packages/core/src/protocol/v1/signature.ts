import { isQBitFlowError } from '../../errors.js';
import type { HttpHeaders } from '../../http/http.js';
import {
  filledHeader,
  V1_SIGNATURE_HEADER,
  V1_TIMESTAMP_HEADER,
  V2_SIGNATURE_HEADER,
} from '../generation.js';
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
} from '../signature.js';
import { writeCanonicalJson } from './canonical-json.js';

/** What a v1 delivery's headers are held against. */
export interface V1HeaderInput {
  readonly headers: HttpHeaders;
  /** Ms since 1970. */
  readonly nowMs: number;
  /** How far the signature's time may be from now, either way. */
  readonly toleranceSeconds: number;
}

/** A v1 delivery and what to check it with. */
export interface V1SignatureInput extends V1HeaderInput {
  /** The JSON-parsed body: v1 signs the value, not the bytes. */
  readonly value: unknown;
  /** One for each secret that may have signed. */
  readonly keys: readonly HmacKey[];
}

/** What v1's headers claim. */
export interface V1Claim {
  readonly result: 'claimed';
  /** As sent: this text is what was signed. */
  readonly timestamp: string;
  readonly digest: string;
}

/** Upper-case digits are well-formed, but match nothing. */
const SIGNATURE = /^sha256=([0-9a-fA-F]{64})$/;

/** What v1's headers alone tell, which costs nothing: whether there is a claim to be checked at all. */
export function readV1Claim(input: V1HeaderInput): V1Claim | FailedSignature {
  const { headers } = input;
  const signature = filledHeader(headers, V1_SIGNATURE_HEADER);
  const timestamp = filledHeader(headers, V1_TIMESTAMP_HEADER);
  if (signature === undefined || timestamp === undefined)
    return refused('missing_header', hintAboutHeaders(headers, signature));
  const digest = SIGNATURE.exec(signature)?.[1];
  // Go's ParseInt takes a sign; what was signed is the text, sign included.
  const seconds = parseUnixSeconds(timestamp.replace(/^\+/, ''));
  if (digest === undefined || seconds === undefined) return refused('malformed_header');
  return checkAge(seconds, input) ?? { result: 'claimed', timestamp, digest };
}

/** Checks v1's signature over `timestamp + "." + canonicalJson(value)` with every key (protocol, "v1 signature"). */
export function checkV1Signature(input: V1SignatureInput): SignatureCheck {
  const { value, keys } = input;
  const claim = readV1Claim(input);
  if (claim.result === 'refused') return claim;
  const digests = digestsOf(claim, value, keys);
  if (digests === undefined)
    return refused('unreadable_body', 'the body is not a JSON value v1 could have signed');
  if (anyMatches([claim.digest], digests)) return { result: 'genuine' };
  return refused('no_matching_signature', hintAboutKeys(keys));
}

/** One for each key, in one walk through the value; `undefined` for what v1 cannot sign. */
function digestsOf(
  { timestamp, digest }: V1Claim,
  value: unknown,
  keys: readonly HmacKey[],
): readonly string[] | undefined {
  const hmacs = isDigest(digest) ? keys.map((key) => key.begin().update(`${timestamp}.`)) : [];
  try {
    writeCanonicalJson(value, (chunk) => {
      for (const hmac of hmacs) hmac.update(chunk);
    });
  } catch (error) {
    if (isQBitFlowError(error)) return undefined;
    throw error;
  }
  return hmacs.map((hmac) => hmac.digest('hex'));
}

function hintAboutHeaders(headers: HttpHeaders, signature: string | undefined): string | undefined {
  if (filledHeader(headers, V2_SIGNATURE_HEADER) !== undefined)
    return 'the delivery is signed the v2 way';
  return `${signature === undefined ? V1_SIGNATURE_HEADER : V1_TIMESTAMP_HEADER} is missing`;
}
