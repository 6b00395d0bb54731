import { QBitFlowError } from '../errors.js';
import type { HttpHeaders, HttpRequest } from '../http/http.js';
import {
  type DeliveryCheck,
  GENERATION_NAMES,
  type GenerationName,
  type SignatureClaim,
  type SignatureRules,
  type SigningScheme,
} from '../protocol/generation.js';
import {
  createHmacKey,
  type HeaderInput,
  type HmacKey,
  type SignatureFailure,
} from '../protocol/signature.js';
import { signaturesIn, signingSchemesNamed } from '../protocol/signing-schemes.js';
import { roomOnDemand } from '../on-demand.js';
import type { Runtime } from '../runtime.js';
import type { Soon } from '../settled.js';
import { toReceivedBody } from './parse-event.js';
import type { ReceivedBody } from './body.js';
import { consumed } from './body-consumed.js';

/**
 * Genuine, refused for a reason, or undecided: an outage of the checker is not a forgery. `version` says whose
 * signature verified, which is not what the body is: one secret may sign for both generations. `parseEvent` tells.
 */
export type VerificationResult =
  | { readonly result: 'genuine'; readonly version: GenerationName }
  | {
      readonly result: 'refused';
      readonly reason: SignatureFailure;
      readonly hint?: string | undefined;
    }
  | { readonly result: 'undecided'; readonly cause: unknown };

/** A refused delivery's verdict. */
export type RefusedResult = Extract<VerificationResult, { result: 'refused' }>;

/** A check that did not prove anything. */
type FailedCheck = Exclude<DeliveryCheck, { result: 'genuine' }>;

/** One of a delivery's signatures, and whose it is. */
interface Claimed {
  readonly version: GenerationName;
  readonly claim: SignatureClaim;
}

/** A delivery's signatures as its headers state them, one generation's after the other: read once, and only as far as needed. */
export class Claims {
  /** What came of the signatures that proved nothing. */
  private readonly failed: FailedCheck[] = [];
  /** The signature to be checked now; none is left when there is none. */
  current: Claimed | undefined;
  private read = 0;

  constructor(
    private readonly input: HeaderInput,
    private readonly schemes: readonly SigningScheme[],
  ) {
    this.advance();
  }

  /** The current one proved nothing: on to the next. */
  failedWith(check: FailedCheck | Undecided): void {
    if (check.result !== 'undecided') this.failed.push(check);
    this.advance();
  }

  private advance(): void {
    this.current = undefined;
    while (this.current === undefined && this.read < this.schemes.length) {
      const scheme = this.schemes[this.read];
      this.read += 1;
      const claim = scheme?.readClaim(this.input);
      if (scheme === undefined || claim === undefined) continue;
      if (claim.result === 'claimed') this.current = { version: scheme.name, claim };
      else this.failed.push(claim);
    }
  }

  /** What all of them together come to when none verified. Throws `body_consumed`. */
  refusal(): RefusedResult {
    return refusalOf(this.failed, this.input.headers);
  }
}

/**
 * Checks a delivery against local secrets: with either generation's signature it is genuine. Accepting any of two adds
 * nothing to what a forger can do, who could leave the other one out. Throws `body_consumed` when none verifies and
 * one of them could not be checked.
 */
function checkSignature(
  claims: Claims,
  body: ReceivedBody,
  rules: SignatureRules,
): VerificationResult {
  while (claims.current !== undefined) {
    const { version, claim } = claims.current;
    const check = claim.check(body, rules);
    if (check.result === 'genuine') return { result: 'genuine', version };
    claims.failedWith(check);
  }
  return claims.refusal();
}

/** What all signatures of a delivery together come to when none verified. Throws `body_consumed`. */
function refusalOf(failed: readonly FailedCheck[], headers: HttpHeaders): RefusedResult {
  // What could not be checked may be right: the sender shall come again once the route is mounted properly.
  if (failed.some(({ result }) => result === 'bytes_gone')) throw consumed();
  const refusal = failed.find((check) => check.result === 'refused');
  return refusal ?? { result: 'refused', reason: 'missing_header', hint: switchedOff(headers) };
}

function switchedOff(headers: HttpHeaders): string | undefined {
  const carried = signaturesIn(headers).map(({ name }) => name);
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
 * arguments. A kit does it by itself; this is for code that takes deliveries another way, from a queue for instance.
 * @throws `body_consumed` for a parsed value that only v2's signature could prove
 * @example
 * ```js
 * import { verifySignature } from '@qbitflow/core';
 * import { fixtures, signDelivery } from '@qbitflow/core/testing';
 *
 * const { headers, body } = signDelivery({ version: 'v2', body: fixtures.v2['webhook.test'](), secret: 'whsec_a' });
 * const check = verifySignature({ headers, body, secret: ['whsec_b', 'whsec_a'], nowMs: Date.now() });
 * console.assert(check.result === 'genuine' && check.version === 'v2');
 * ```
 */
export function verifySignature(options: VerifySignatureOptions): VerificationResult {
  const { headers, body, secret, nowMs, toleranceSeconds = 300 } = options;
  const keys = (typeof secret === 'string' ? [secret] : secret).map(createHmacKey);
  const schemes = signingSchemesNamed(options.generations ?? GENERATION_NAMES);
  const claims = new Claims({ headers, nowMs, toleranceSeconds }, schemes);
  return checkSignature(claims, toReceivedBody(body), { keys, nowMs, toleranceSeconds });
}

/** Decides whether deliveries are genuine: by local secrets where there are any, else by asking the API. */
export interface Verifier {
  /** How many secrets are tried; none where the API is asked. */
  readonly secretsTried: number;
  /** What the headers state, before the body is read. */
  readClaims(headers: HttpHeaders, nowMs: number): Claims;
  /**
   * The refusal that the headers alone call for: no signature, a malformed one, or one made long ago. It comes before a
   * byte of the body is read, so that what can be told for nothing costs nothing.
   */
  refuseUnread(claims: Claims): RefusedResult | undefined;
  /** Decides about one delivery: with any generation's signature it is genuine. At once with secrets of our own. */
  verify(claims: Claims, request: HttpRequest, body: ReceivedBody): Soon<VerificationResult>;
  /** The API is asked about no delivery any more. */
  close(): void;
}

/** The verifier of one kit. */
export function createVerifier(runtime: Runtime): Verifier {
  const { settings, clock } = runtime;
  const { toleranceSeconds } = settings;
  // None where no deliveries are taken: there is something else to say about them.
  const keys = settings.secrets?.map(createHmacKey);
  const schemes = signingSchemesNamed(settings.generations);
  const remote = roomOnDemand(async () => {
    const { createRemoteVerifier } = await import('../api/verify-remotely.js');
    return createRemoteVerifier(runtime);
  });
  const rulesNow = (tried: readonly HmacKey[]): SignatureRules => ({
    keys: tried,
    nowMs: clock.now(),
    toleranceSeconds,
  });

  async function askRemotely(
    claims: Claims,
    request: HttpRequest,
    body: ReceivedBody,
  ): Promise<VerificationResult> {
    let undecided: Undecided | undefined;
    while (claims.current !== undefined) {
      const { version } = claims.current;
      const check = await askAboutOne(claims.current, request, body);
      if (check.result === 'genuine') return { result: 'genuine', version };
      if (check.result === 'undecided') undecided ??= check;
      claims.failedWith(check);
    }
    return undecided ?? claims.refusal();
  }

  async function askAboutOne(
    { version, claim }: Claimed,
    request: HttpRequest,
    body: ReceivedBody,
  ): Promise<DeliveryCheck | Undecided> {
    // With no key of our own only the last step is left open: headers, timestamp and body are judged here.
    const local = claim.check(body, rulesNow([]));
    if (local.result !== 'refused' || local.reason !== 'no_matching_signature') return local;
    try {
      const { verify } = await remote.load();
      const answer = await verify(version, request, body);
      return answer === 'genuine' ? { result: 'genuine' } : local;
    } catch (cause) {
      return { result: 'undecided', cause };
    }
  }

  return {
    secretsTried: keys?.length ?? 0,
    readClaims: (headers, nowMs) => new Claims({ headers, nowMs, toleranceSeconds }, schemes),
    refuseUnread: (claims) =>
      keys !== undefined && claims.current === undefined ? claims.refusal() : undefined,
    verify(claims, request, body) {
      if (keys === undefined) throw takesNone();
      if (keys.length > 0) return checkSignature(claims, body, rulesNow(keys));
      return askRemotely(claims, request, body);
    },
    close: remote.close,
  };
}

type Undecided = Extract<VerificationResult, { result: 'undecided' }>;

function takesNone(): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    'a delivery came to a kit that takes none (webhookSecret: false): give it the webhookSecret, or leave the webhook to another process',
  );
}
