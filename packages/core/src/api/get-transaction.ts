import { isApiError } from './api-error.js';
import type { ApiCallOptions, ApiClient } from './client.js';
import { isJsonObject, type JsonObject } from '../protocol/json-object.js';
import { paymentInV2 } from '../protocol/v1/settled.js';
import { subscriptionInV2 } from '../protocol/v1/subscription.js';
import { encodeId, transactionTypeOf, type TransactionReference } from './transaction-reference.js';

/** A completed payment or subscription as the API gives it, under v2's names and types for both generations. */
export interface CompletedTransaction {
  readonly kind: 'payment' | 'subscription';
  /** The Payment or Subscription of protocol §3, fields newer than this kit included. */
  readonly data: Readonly<Record<string, unknown>>;
}

type Kind = CompletedTransaction['kind'];

/**
 * The completed transaction behind an id, or `undefined` before it is completed. A bare id tells no kind: then the API
 * is asked for both. Rejects with `ApiError` when it could not be found out.
 */
export async function getTransaction(
  api: ApiClient,
  reference: TransactionReference,
  options: ApiCallOptions = {},
): Promise<CompletedTransaction | undefined> {
  for (const kind of kindsOf(reference)) {
    const path = `/transaction/${kind}/${encodeId(reference.uuid)}`;
    const data = await find(api, path, options);
    if (data !== undefined)
      return { kind, data: api.generation === 'v1' ? inV2(kind, data) : data };
  }
  return undefined;
}

function kindsOf(reference: TransactionReference): readonly Kind[] {
  if (reference.uuid.startsWith('pay@')) return ['payment'];
  if (reference.uuid.startsWith('sub@')) return ['subscription'];
  // What a return URL says of the type only decides which is asked first.
  const isPayment = transactionTypeOf(reference) === 'payment';
  return isPayment ? ['payment', 'subscription'] : ['subscription', 'payment'];
}

async function find(
  api: ApiClient,
  path: string,
  options: ApiCallOptions,
): Promise<JsonObject | undefined> {
  try {
    const answer = await api.request({ ...options, method: 'GET', path });
    return isJsonObject(answer) ? answer : undefined;
  } catch (error) {
    if (isApiError(error) && error.status === 404) return undefined;
    throw error;
  }
}

function inV2(kind: Kind, data: JsonObject): JsonObject {
  return kind === 'payment' ? paymentInV2(data) : subscriptionInV2(data);
}
