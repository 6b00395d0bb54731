import { z } from 'zod';
import type { TransactionStatus } from '../event/data.js';
import { isJsonObject, type JsonObject } from '../protocol/json.js';
import { paymentInV2, subscriptionInV2 } from '../protocol/v1/v2-names.js';
import { ApiError, isApiError } from './api-error.js';
import type { ApiCallOptions, ApiClient, ApiGeneration, ApiRequest } from './client.js';
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
  readonly generation: ApiGeneration;
}

const maybeText = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined);

const statusSchema = z.looseObject({
  uuid: maybeText,
  status: z.string(),
  txHash: maybeText,
  message: maybeText,
  lastAttempt: z
    .looseObject({
      status: maybeText,
      code: maybeText,
      message: maybeText,
      txHash: maybeText,
      at: maybeText,
    })
    .nullish()
    .transform((attempt) => attempt ?? undefined),
});

/** Reads either generation's answer to "what is the status of `uuid`?". Throws `api_unreadable` on a wrong JSON type. */
export function parseStatusReport(
  answer: unknown,
  asked: { readonly uuid: string; readonly generation: ApiGeneration },
): TransactionStatusReport {
  const parsed = statusSchema.safeParse(answer);
  if (!parsed.success) throw unreadable(parsed.error);
  const { uuid, status, txHash, message, lastAttempt } = parsed.data;
  // v1 keeps no attempts; its answer repeats no id.
  if (asked.generation === 'v1') return { ...asked, status, txHash, message };
  return { ...asked, uuid: uuid ?? asked.uuid, status, txHash, message, lastAttempt };
}

function unreadable(cause: z.ZodError): ApiError {
  const fields = cause.issues.map((issue) => issue.path.join('.') || 'the answer itself');
  return new ApiError(
    'api_unreadable',
    `QBitFlow's API answered with a status that cannot be read (${fields.join(', ')}): probably something else answers at baseUrl, or this kit is older than the API; correct baseUrl or update`,
    { cause },
  );
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
  const found = await findAnswer(api, { ...options, method: 'GET', path });
  return found && parseStatusReport(found.answer, { uuid, generation: 'v2' });
}

async function statusOfV1(
  api: ApiClient,
  reference: TransactionReference,
  options: ApiCallOptions,
): Promise<TransactionStatusReport | undefined> {
  const { uuid } = reference;
  const query = { txUUID: uuid, txType: transactionTypeOf(reference) };
  const found = await findAnswer(api, {
    ...options,
    method: 'GET',
    path: '/transaction/status',
    query,
  });
  if (found) return parseStatusReport(found.answer, { uuid, generation: 'v1' });
  // v1's 404 also means "nothing processed yet"; a session that exists tells the two apart.
  const exists = await findAnswer(api, {
    ...options,
    method: 'GET',
    path: `/transaction/session-checkout/${encodeId(uuid)}`,
    query: { closeToExpireError: false },
  });
  return exists && { uuid, status: 'created', generation: 'v1' };
}

async function findAnswer(
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
    const data = await findTransaction(api, path, options);
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

async function findTransaction(
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
    const status = await findSession(api, { method: 'GET', path: `${path}/status` });
    return status && { data: { uuid: status['uuid'] } };
  }
  const query = { closeToExpireError: false };
  const session = await findSession(api, { method: 'GET', path, query });
  if (session === undefined) return undefined;
  const told = [...TOLD, ...ALSO_TOLD].map((name) => [name, session[name]] as const);
  return { data: Object.fromEntries(told), expiresAt: session['expiresAt'] };
}

async function findSession(
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
