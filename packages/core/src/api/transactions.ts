import type { TransactionStatus } from '../event/data.js';
import { apiRulesOf } from '../protocol/api-rules.js';
import type { GenerationName } from '../protocol/generation.js';
import { isJsonObject } from '../protocol/json.js';
import { findAnswer } from './answers.js';
import type { ApiCallOptions, ApiClient } from './client.js';
import { encodeId, type TransactionReference, transactionTypeOf } from './transaction-ids.js';

/** The last attempt to pay a session that did not succeed (v2). Never final: the customer may try again. */
export interface FailedAttempt {
  readonly status?: string | undefined;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly txHash?: string | undefined;
  /** RFC 3339, as sent. */
  readonly at?: string | undefined;
}

/** Where a transaction stands: one shape for both generations. */
export interface TransactionStatusReport {
  readonly uuid: string;
  /** Values newer than this kit are kept. */
  readonly status: TransactionStatus;
  readonly txHash?: string | undefined;
  readonly message?: string | undefined;
  readonly lastAttempt?: FailedAttempt | undefined;
  /** Which API said so: `failed` is final on v1, and v2 does not know it. */
  readonly generation: GenerationName;
}

/**
 * Asks the API of the client's generation where a transaction stands; `undefined` when it knows no such transaction.
 * Rejects with `ApiError` when that could not be found out, with `invalid_reference` for what cannot be an id.
 */
export async function getStatus(
  api: ApiClient,
  reference: TransactionReference,
  options: ApiCallOptions = {},
): Promise<TransactionStatusReport | undefined> {
  return apiRulesOf(api).getStatus(api, reference, options);
}

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
    const found = await findAnswer(api, { ...options, method: 'GET', path });
    if (isJsonObject(found?.answer))
      return { kind, data: apiRulesOf(api).inV2(kind, found.answer) };
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

/** What the API says of a checkout that has ended unpaid, under v2's names. */
export interface ExpiredSession {
  /** The session's fields, as far as it tells any; of v2 the `uuid` alone. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Unix seconds, as sent: v1's. */
  readonly expiresAt?: unknown;
}

/** Asks what an expired checkout was; `undefined` when the API no longer knows it. Rejects with `ApiError`. */
export async function getExpiredCheckout(
  api: ApiClient,
  { uuid }: TransactionReference,
): Promise<ExpiredSession | undefined> {
  return apiRulesOf(api).getExpiredCheckout(api, uuid);
}
