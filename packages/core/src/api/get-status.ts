import { isApiError } from './api-error.js';
import type { ApiCallOptions, ApiClient, ApiRequest } from './client.js';
import { type TransactionStatusReport, parseStatusReport } from './status-report.js';
import { type TransactionReference, encodeId, transactionTypeOf } from './transaction-reference.js';

/**
 * Asks the API of the client's generation where a transaction stands; `undefined` when it knows no such transaction.
 * Rejects with `ApiError` when that could not be found out, with `invalid_reference` for what cannot be an id.
 */
export async function getStatus(
  api: ApiClient,
  reference: TransactionReference,
  options: ApiCallOptions = {},
): Promise<TransactionStatusReport | undefined> {
  const id = encodeId(reference.uuid);
  return api.generation === 'v1'
    ? statusOfV1(api, reference, options)
    : statusOfV2(api, { uuid: reference.uuid, id }, options);
}

async function statusOfV2(
  api: ApiClient,
  { uuid, id }: { readonly uuid: string; readonly id: string },
  options: ApiCallOptions,
): Promise<TransactionStatusReport | undefined> {
  const path = `/transaction/session-checkout/${id}/status`;
  const found = await find(api, { ...options, method: 'GET', path });
  return found && parseStatusReport(found.answer, { uuid, generation: 'v2' });
}

async function statusOfV1(
  api: ApiClient,
  reference: TransactionReference,
  options: ApiCallOptions,
): Promise<TransactionStatusReport | undefined> {
  const { uuid } = reference;
  const query = { txUUID: uuid, txType: transactionTypeOf(reference) };
  const found = await find(api, { ...options, method: 'GET', path: '/transaction/status', query });
  if (found) return parseStatusReport(found.answer, { uuid, generation: 'v1' });
  // v1's 404 also means "nothing processed yet"; a session that exists tells the two apart.
  const exists = await find(api, {
    ...options,
    method: 'GET',
    path: `/transaction/session-checkout/${encodeId(uuid)}`,
    query: { closeToExpireError: false },
  });
  return exists && { uuid, status: 'created', generation: 'v1' };
}

async function find(
  api: ApiClient,
  request: ApiRequest,
): Promise<{ readonly answer: unknown } | undefined> {
  try {
    return { answer: await api.request(request) };
  } catch (error) {
    if (isApiError(error) && error.status === 404) return undefined;
    throw error;
  }
}
