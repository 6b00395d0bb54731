import { z } from 'zod';
import { ApiError, isApiError } from './api-error.js';
import type { ApiCallOptions, ApiClient, ApiRequest } from './client.js';

/** A delivery as the API's remote check wants it. */
export type RemoteDelivery =
  | {
      readonly version: 'v1';
      /** The parsed body: v1 signs the value. */
      readonly payload: unknown;
      /** `X-Webhook-Signature-256` as received. */
      readonly signature: string;
      /** `X-Webhook-Timestamp` as received. */
      readonly timestamp: string;
    }
  | {
      readonly version: 'v2';
      readonly endpointUuid: string;
      /** The raw body as text. */
      readonly body: string;
      /** `QBitFlow-Signature` as received. */
      readonly signature: string;
    };

const genuineOfV1 = z.looseObject({ message: z.string().nullish() });

/**
 * Asks QBitFlow whether it sent a delivery. Rejects with `ApiError` when that stays undecided: only the answers the
 * protocol names (§3) decide, so an outage looks neither like a forgery nor like a proof.
 */
export async function verifyRemotely(
  api: ApiClient,
  delivery: RemoteDelivery,
  options: ApiCallOptions = {},
): Promise<'genuine' | 'refused'> {
  try {
    const answer = await api.request({ ...options, ...questionFor(delivery) });
    if (delivery.version === 'v1') assertGenuineOfV1(answer);
    return 'genuine';
  } catch (error) {
    if (isRefusal(error, delivery.version)) return 'refused';
    throw error;
  }
}

function questionFor(delivery: RemoteDelivery): ApiRequest {
  const path = '/webhooks/verify';
  if (delivery.version === 'v1') {
    const { payload, signature, timestamp } = delivery;
    const body = { payload, receivedSignature: signature, receivedTimestamp: timestamp };
    return { method: 'POST', generation: 'v1', path, body, expectedStatus: 200 };
  }
  const { endpointUuid, body, signature } = delivery;
  return { method: 'POST', generation: 'v2', path, body: { endpointUuid, body, signature } };
}

function assertGenuineOfV1(answer: unknown): void {
  if (genuineOfV1.safeParse(answer).success) return;
  throw new ApiError(
    'api_unreadable',
    "the answer to POST /webhooks/verify is not v1's { message }: something else answers at baseUrl; correct it",
  );
}

function isRefusal(error: unknown, version: RemoteDelivery['version']): boolean {
  if (!isApiError(error) || error.status !== 400) return false;
  return version === 'v1' || error.apiCode === 'invalid_signature';
}
