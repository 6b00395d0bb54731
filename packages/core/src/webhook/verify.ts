import type { RemoteDelivery, RemoteVerifier } from '../api/verify-remotely.js';
import type { Clock } from '../clock.js';
import { QBitFlowError } from '../errors.js';
import { type ClientNaming, headerOf, type HttpHeaders, type HttpRequest } from '../http/http.js';
import {
  type Generation,
  GENERATIONS,
  signaturesIn,
  V1_SIGNATURE_HEADER,
  V1_TIMESTAMP_HEADER,
  V2_SIGNATURE_HEADER,
} from '../protocol/generation.js';
import { parseJson } from '../protocol/json.js';
import {
  createHmacKey,
  type HmacKey,
  type Refusal,
  type SignatureCheck,
} from '../protocol/signature.js';
import { checkV1Signature, readV1Claim } from '../protocol/v1/signature.js';
import { checkV2Signature, readV2Claim } from '../protocol/v2/signature.js';
import { consumed, type ReceivedBody } from './body.js';
import { toReceivedBody } from './parse-event.js';

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

/** What decides whether a delivery is genuine: local secrets where there are any, else the API. */
export interface Verifier {
  /** `undefined` where no deliveries are taken. */
  readonly keys: readonly HmacKey[] | undefined;
  readonly clock: Clock;
  readonly toleranceSeconds: number;
  /** Whose signatures are accepted. */
  readonly generations: readonly Generation[];
  readonly remote: RemoteVerifier;
  readonly clientOf: ClientNaming;
  readonly endpointUuid: string | undefined;
}

/** The refusal that a delivery's headers alone call for, before its body is read. */
export function refuseUnread(
  { keys, clock, toleranceSeconds, generations }: Verifier,
  headers: HttpHeaders,
): Extract<Verdict, { result: 'refused' }> | undefined {
  // A kit that takes no deliveries has something else to say about them.
  if (keys === undefined) return undefined;
  return checkHeaders(headers, { nowMs: clock.now(), toleranceSeconds, generations });
}

/** Decides about one delivery: with either generation's signature it is genuine. */
export async function verifyDelivery(
  verifier: Verifier,
  request: HttpRequest,
  body: ReceivedBody,
): Promise<Verdict> {
  const { keys, clock, toleranceSeconds, generations } = verifier;
  const { headers } = request;
  if (keys === undefined) throw takesNone();
  if (keys.length > 0)
    return checkSignature(headers, body, {
      keys,
      nowMs: clock.now(),
      toleranceSeconds,
      generations,
    });
  return askTheApi(verifier, { headers, body }, verifier.clientOf(request));
}

async function askTheApi(verifier: Verifier, delivery: Delivery, client: string): Promise<Verdict> {
  const failed: FailedCheck[] = [];
  let undecided: Extract<Verdict, { result: 'undecided' }> | undefined;
  for (const version of signaturesIn(delivery.headers, verifier.generations)) {
    const check = await askAboutOne(verifier, version, { ...delivery, client });
    if (check.result === 'genuine') return { result: 'genuine', version };
    if (check.result === 'undecided') undecided ??= check;
    else failed.push(check);
  }
  return undecided ?? refusalOf(failed, delivery.headers);
}

async function askAboutOne(
  { remote, endpointUuid, clock, toleranceSeconds, generations }: Verifier,
  version: Generation,
  delivery: Delivery & { readonly client: string },
): Promise<OneCheck | Extract<Verdict, { result: 'undecided' }>> {
  // With no key of our own only the last step is left open: headers, timestamp and body are judged here.
  const rules = { keys: [], nowMs: clock.now(), toleranceSeconds, generations };
  const local = checkOne(version, delivery, rules);
  if (local.result !== 'refused' || local.reason !== 'no_matching_signature') return local;
  try {
    const question = version === 'v2' ? aboutBytes(delivery, endpointUuid) : aboutValue(delivery);
    const answer = await remote.verify(question, delivery.client);
    return answer === 'genuine' ? { result: 'genuine' } : local;
  } catch (cause) {
    return { result: 'undecided', cause };
  }
}

function aboutBytes({ headers, body }: Delivery, endpointUuid: string | undefined): RemoteDelivery {
  if (endpointUuid === undefined) throw endpointMissing();
  return {
    version: 'v2',
    endpointUuid,
    body: body.kind === 'bytes' ? body.bytes.toString('utf8') : '',
    signature: headerOf(headers, V2_SIGNATURE_HEADER) ?? '',
  };
}

function aboutValue({ headers, body }: Delivery): RemoteDelivery {
  return {
    version: 'v1',
    payload: body.kind === 'value' ? body.value : parseJson(body.bytes).value,
    signature: headerOf(headers, V1_SIGNATURE_HEADER) ?? '',
    timestamp: headerOf(headers, V1_TIMESTAMP_HEADER) ?? '',
  };
}

function takesNone(): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    'a delivery came to a kit that takes none (webhookSecret: false): give it the webhookSecret, or leave the webhook to another process',
  );
}

function endpointMissing(): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    'a v2 delivery came, but there is neither a webhookSecret to check it with nor an endpointUuid to ask the API about it: give one of them',
  );
}
