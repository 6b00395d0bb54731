import { isJsonObject } from '../protocol/json-object.js';
import { isApiError } from './api-error.js';
import type { ApiClient, ApiRequest } from './client.js';
import { encodeId, type TransactionReference } from './transaction-reference.js';

/** What the API says of a checkout that has ended unpaid, under v2's names. */
export interface ExpiredSession {
  /** The session's fields, as far as it tells any; of v2 the `uuid` alone. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Unix seconds, as sent: v1's. */
  readonly expiresAt?: unknown;
}

/** Of a session's fields those that mean the same in both generations. */
const TOLD = ['uuid', 'reference', 'productReference', 'productName', 'description', 'price'];
const ALSO_TOLD = ['organizationName', 'test', 'customerReference', 'txType'];

/** Asks what an expired checkout was; `undefined` when the API no longer knows it. Rejects with `ApiError`. */
export async function getExpiredCheckout(
  api: ApiClient,
  { uuid }: TransactionReference,
): Promise<ExpiredSession | undefined> {
  const path = `/transaction/session-checkout/${encodeId(uuid)}`;
  if (api.generation === 'v2') {
    const status = await find(api, { method: 'GET', path: `${path}/status` });
    return status && { data: { uuid: status['uuid'] } };
  }
  const query = { closeToExpireError: false };
  const session = await find(api, { method: 'GET', path, query });
  if (session === undefined) return undefined;
  const told = [...TOLD, ...ALSO_TOLD].map((name) => [name, session[name]] as const);
  return { data: Object.fromEntries(told), expiresAt: session['expiresAt'] };
}

async function find(
  api: ApiClient,
  call: ApiRequest,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const answer = await api.request(call);
    return isJsonObject(answer) ? answer : undefined;
  } catch (error) {
    if (isApiError(error) && (error.status === 404 || error.status === 410)) return undefined;
    throw error;
  }
}
