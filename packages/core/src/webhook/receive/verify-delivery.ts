import type { ApiClient } from '../../api/client.js';
import { verifyRemotely, type RemoteDelivery } from '../../api/verify-remotely.js';
import type { Clock } from '../../clock.js';
import { QBitFlowError } from '../../errors.js';
import { headerOf, type HttpHeaders } from '../../http.js';
import { generationOf } from '../../wire/generation.js';
import type { HmacKey } from '../../wire/hmac.js';
import { parseJson } from './parse-json.js';
import type { ReceivedBody } from './read-raw-body.js';
import { checkSignature, type Verdict } from './verify-signature.js';

/** What decides whether a delivery is genuine: local secrets where there are any, else the API. */
export interface Verifier {
  readonly keys: readonly HmacKey[];
  readonly clock: Clock;
  readonly toleranceSeconds: number;
  readonly api: ApiClient;
  readonly endpointUuid: string | undefined;
}

/** Decides about one delivery. */
export async function verifyDelivery(
  verifier: Verifier,
  headers: HttpHeaders,
  body: ReceivedBody,
): Promise<Verdict> {
  const { keys, clock, toleranceSeconds } = verifier;
  if (keys.length > 0)
    return checkSignature(headers, body, { keys, nowMs: clock.now(), toleranceSeconds });
  return askTheApi(verifier, headers, body);
}

async function askTheApi(
  verifier: Verifier,
  headers: HttpHeaders,
  body: ReceivedBody,
): Promise<Verdict> {
  const { api, endpointUuid, clock, toleranceSeconds } = verifier;
  // With no key of our own only the last step is left open: headers, timestamp and body are judged here.
  const local = checkSignature(headers, body, { keys: [], nowMs: clock.now(), toleranceSeconds });
  if (local.result !== 'refused' || local.reason !== 'no_matching_signature') return local;
  try {
    const version = generationOf(headers) ?? 'v2';
    const question =
      version === 'v2' ? aboutBytes(headers, body, endpointUuid) : aboutValue(headers, body);
    if ((await verifyRemotely(api, question)) === 'genuine') return { result: 'genuine', version };
    return { result: 'refused', reason: 'no_matching_signature' };
  } catch (cause) {
    return { result: 'undecided', cause };
  }
}

function aboutBytes(
  headers: HttpHeaders,
  body: ReceivedBody,
  endpointUuid: string | undefined,
): RemoteDelivery {
  if (endpointUuid === undefined) throw endpointMissing();
  const text = body.kind === 'bytes' ? body.bytes.toString('utf8') : '';
  return {
    version: 'v2',
    endpointUuid,
    body: text,
    signature: headerOf(headers, 'qbitflow-signature') ?? '',
  };
}

function aboutValue(headers: HttpHeaders, body: ReceivedBody): RemoteDelivery {
  return {
    version: 'v1',
    payload: body.kind === 'value' ? body.value : parseJson(body.bytes).value,
    signature: headerOf(headers, 'x-webhook-signature-256') ?? '',
    timestamp: headerOf(headers, 'x-webhook-timestamp') ?? '',
  };
}

function endpointMissing(): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    'a v2 delivery came, but there is neither a webhookSecret to check it with nor an endpointUuid to ask the API about it: give one of them',
  );
}
