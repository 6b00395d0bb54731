import type { HttpHeaders } from '../../http/http.js';
import { takesShortcuts } from '../../shortcuts.js';
import type { ReceivedBody } from '../../webhook/body.js';
import type {
  DeliveryCheck,
  SignatureClaim,
  SignatureRules,
  SigningScheme,
} from '../generation.js';
import {
  anyMatches,
  checkAge,
  type FailedSignature,
  filledHeader,
  type HeaderInput,
  hintAboutKeys,
  type HmacKey,
  isDigest,
  parseUnixSeconds,
  refused,
  type SignatureCheck,
  trimWhiteSpace,
  V2_SIGNATURE_HEADER,
} from '../signature.js';

/** How v2 signs. */
export const v2Signing: SigningScheme = {
  name: 'v2',
  signatureHeaders: [V2_SIGNATURE_HEADER],
  signatureHeader: 'QBitFlow-Signature',
  isSigned: carriesV2Signature,
  readClaim: readV2Claim,
};

/** What v2's header states (protocol, "v2 signature"). */
class V2Claim implements SignatureClaim {
  readonly result = 'claimed';

  constructor(
    private readonly seconds: number,
    private readonly header: SignatureHeader,
  ) {}

  check(body: ReceivedBody, rules: SignatureRules): DeliveryCheck {
    // A parsed value does not tell the bytes, which are what v2 signs.
    if (body.kind === 'value') return { result: 'bytes_gone' };
    return checkAge(this.seconds, rules) ?? this.match(body.bytes, rules.keys);
  }

  private match(bytes: Uint8Array, keys: readonly HmacKey[]): SignatureCheck {
    const { timestamp, signatures } = this.header;
    const signed = `${timestamp}.`;
    const candidates = signatures.filter(isDigest);
    // What cannot be a digest matches none: nothing is hashed for it.
    const digests = candidates.length > 0 ? keys.map((key) => key.hex(signed, bytes)) : [];
    if (anyMatches(candidates, digests)) return { result: 'genuine' };
    return refused('no_matching_signature', hintAboutKeys(keys));
  }
}

/** What v2's header alone tells, which costs nothing; `undefined` where there is none. */
export function readV2Claim(input: HeaderInput): SignatureClaim | FailedSignature | undefined {
  const text = filledHeader(input.headers, V2_SIGNATURE_HEADER);
  if (text === undefined) return undefined;
  const header = parseSignatureHeader(text);
  const seconds = header && parseUnixSeconds(header.timestamp);
  if (header === undefined || seconds === undefined) return refused('malformed_header');
  return checkAge(seconds, input) ?? new V2Claim(seconds, header);
}

/** Whether a delivery carries v2's signature. */
export function carriesV2Signature(headers: HttpHeaders): boolean {
  return filledHeader(headers, V2_SIGNATURE_HEADER) !== undefined;
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

/**
 * Splits on `,`, each part on its first `=`, trims white space, ignores other keys. `undefined` unless there is exactly
 * one `t` and at least one `v1`.
 */
export function parseSignatureHeader(header: string): SignatureHeader | undefined {
  if (header.length > MAX_LENGTH) return undefined;
  const usual = takesShortcuts ? usualHeader(header) : undefined;
  if (usual !== undefined) return usual;
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

/** One time and one signature, as QBitFlow writes it outside of a secret's rotation: a regular expression takes five times as long. */
function usualHeader(header: string): SignatureHeader | undefined {
  const comma = header.indexOf(',');
  const isUsual =
    header.startsWith('t=') &&
    header.startsWith('v1=', comma + 1) &&
    !header.includes(',', comma + 1);
  if (comma === -1 || !isUsual) return undefined;
  return {
    timestamp: trimWhiteSpace(header.slice(2, comma)),
    signatures: [trimWhiteSpace(header.slice(comma + 4))],
  };
}
