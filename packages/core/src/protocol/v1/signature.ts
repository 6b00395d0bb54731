import { isQBitFlowError } from '../../errors.js';
import type { HttpHeaders } from '../../http/http.js';
import type { ReceivedBody } from '../../webhook/body.js';
import type { SignatureClaim, SignatureRules, SigningScheme } from '../generation.js';
import { parseJson } from '../json.js';
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
  V1_SIGNATURE_HEADER,
  V1_TIMESTAMP_HEADER,
  V2_SIGNATURE_HEADER,
} from '../signature.js';
import { writeCanonicalJson } from './canonical-json.js';

/** How v1 signs. */
export const v1Signing: SigningScheme = {
  name: 'v1',
  signatureHeaders: [V1_SIGNATURE_HEADER, V1_TIMESTAMP_HEADER],
  signatureHeader: 'X-Webhook-Signature-256',
  isSigned: carriesV1Signature,
  readClaim: readV1Claim,
};

/** Upper-case digits are well-formed, but match nothing. */
const SIGNATURE = /^sha256=([0-9a-fA-F]{64})$/;

/** What v1's headers state (protocol, "v1 signature"). */
class V1Claim implements SignatureClaim {
  readonly result = 'claimed';

  constructor(
    private readonly seconds: number,
    /** As sent: this text is what was signed. */
    private readonly timestamp: string,
    private readonly digest: string,
  ) {}

  /** The body may have been parsed by others: v1 signs the value, not the bytes. */
  check(body: ReceivedBody, rules: SignatureRules): SignatureCheck {
    const json = body.kind === 'value' ? { ok: true, value: body.value } : parseJson(body.bytes);
    if (!json.ok) return refused('unreadable_body');
    return checkAge(this.seconds, rules) ?? this.match(json.value, rules.keys);
  }

  private match(value: unknown, keys: readonly HmacKey[]): SignatureCheck {
    const digests = this.digestsOf(value, keys);
    if (digests === undefined)
      return refused('unreadable_body', 'the body is not a JSON value v1 could have signed');
    if (anyMatches([this.digest], digests)) return { result: 'genuine' };
    return refused('no_matching_signature', hintAboutKeys(keys));
  }

  /** One for each key, in one walk through the value; `undefined` for what v1 cannot sign. */
  private digestsOf(value: unknown, keys: readonly HmacKey[]): readonly string[] | undefined {
    const signed = isDigest(this.digest) ? keys : [];
    const hmacs = signed.map((key) => key.begin().update(`${this.timestamp}.`));
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
}

/** What v1's headers alone tell, which costs nothing; `undefined` where neither of them came. */
export function readV1Claim(input: HeaderInput): SignatureClaim | FailedSignature | undefined {
  const { headers } = input;
  const signature = filledHeader(headers, V1_SIGNATURE_HEADER);
  const timestamp = filledHeader(headers, V1_TIMESTAMP_HEADER);
  if (signature === undefined && timestamp === undefined) return undefined;
  if (signature === undefined || timestamp === undefined)
    return refused('missing_header', hintAboutHeaders(headers, signature));
  const digest = SIGNATURE.exec(signature)?.[1];
  const seconds = secondsOf(timestamp);
  if (digest === undefined || seconds === undefined) return refused('malformed_header');
  return checkAge(seconds, input) ?? new V1Claim(seconds, timestamp, digest);
}

/** Whether a delivery carries v1's signature, or what came through of it. */
export function carriesV1Signature(headers: HttpHeaders): boolean {
  return (
    filledHeader(headers, V1_SIGNATURE_HEADER) !== undefined ||
    filledHeader(headers, V1_TIMESTAMP_HEADER) !== undefined
  );
}

/** What v1's timestamp says. Go's ParseInt takes a sign; what was signed is the text, sign included. */
export function secondsOf(timestamp: string): number | undefined {
  return parseUnixSeconds(timestamp.replace(/^\+/, ''));
}

function hintAboutHeaders(headers: HttpHeaders, signature: string | undefined): string | undefined {
  if (filledHeader(headers, V2_SIGNATURE_HEADER) !== undefined)
    return 'the delivery is signed the v2 way';
  return `${signature === undefined ? V1_SIGNATURE_HEADER : V1_TIMESTAMP_HEADER} is missing`;
}
