import { isApiError } from './api-error.js';
import type { ApiCallOptions, ApiClient } from './client.js';
import { encodeId, transactionTypeOf, type TransactionReference } from './transaction-reference.js';

/** A completed payment or subscription as the API gives it, under v2's names for both generations. */
export interface CompletedTransaction {
  readonly kind: 'payment' | 'subscription';
  /** The Payment or Subscription of protocol §3, fields newer than this kit included. */
  readonly data: Readonly<Record<string, unknown>>;
}

type Kind = CompletedTransaction['kind'];

/** v1's names for what v2 calls otherwise. */
const V2_NAMES: ReadonlyMap<string, string> = new Map([
  ['transactionHash', 'txHash'],
  ['customerUUID', 'customerUuid'],
]);

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
    if (data !== undefined) return { kind, data: renamed(data) };
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
): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const answer = await api.request({ ...options, method: 'GET', path });
    return isRecord(answer) ? answer : undefined;
  } catch (error) {
    if (isApiError(error) && error.status === 404) return undefined;
    throw error;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function renamed(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(data);
  const underV1Names = entries.flatMap(([name, value]) => {
    const newName = V2_NAMES.get(name);
    return newName === undefined ? [] : [[newName, value] as const];
  });
  // Where an answer has both names, what stands under v2's own counts.
  const underV2Names = entries.filter(([name]) => !V2_NAMES.has(name));
  return Object.fromEntries([...underV1Names, ...underV2Names]);
}
