import type { RemoteVerifier } from '../api/remote-verifier.js';
import type { RemoteDelivery } from '../api/verify-remotely.js';
import { type ClientNaming, headerOf, type HttpHeaders, type HttpRequest } from '../http/http.js';
import type { Clock } from '../clock.js';
import { QBitFlowError } from '../errors.js';
import {
  signaturesIn,
  V1_SIGNATURE_HEADER,
  V1_TIMESTAMP_HEADER,
  V2_SIGNATURE_HEADER,
  type Generation,
} from '../protocol/generation.js';
import type { HmacKey } from '../protocol/hmac.js';
import { parseJson } from './parse-json.js';
import type { ReceivedBody } from './body.js';
import {
  checkHeaders,
  checkOne,
  checkSignature,
  refusalOf,
  type Delivery,
  type FailedCheck,
  type OneCheck,
  type Verdict,
} from './verify-signature.js';

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
