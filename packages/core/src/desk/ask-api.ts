import { getStatus, type TransactionStatusReport } from '../api/transactions.js';
import { asError } from '../as-error.js';
import type { Runtime } from '../runtime.js';
import type { StoredDelivery } from '../store/durable-store.js';

/** What the API said when it was asked, or why it cannot be. */
export type ApiAnswer =
  | { readonly kind: 'report'; readonly report: TransactionStatusReport }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'no key' }
  | { readonly kind: 'no transaction' };

/** An operator waits for the answer, and can click again: no retries, and less time than a call has that nobody watches. */
const PATIENCE = { timeoutMs: 10_000, maxRetries: 0 } as const;

/** Asks the API where a delivery's transaction stands. Never rejects, and answers within ten seconds. */
export async function askApi(runtime: Runtime, delivery: StoredDelivery): Promise<ApiAnswer> {
  const obstacle = whyNotAsked(runtime, delivery);
  if (obstacle !== undefined) return obstacle;
  try {
    const report = await getStatus(runtime.api, { uuid: delivery.subject }, PATIENCE);
    return report === undefined ? { kind: 'none' } : { kind: 'report', report };
  } catch (thrown) {
    return { kind: 'failed', message: asError(thrown).message };
  }
}

/** Why the API cannot be asked about a delivery; `undefined` where it can. */
export function whyNotAsked(
  { settings }: Pick<Runtime, 'settings'>,
  { key, subject }: Pick<StoredDelivery, 'key' | 'subject'>,
): ApiAnswer | undefined {
  // What is about no transaction is its own subject: the API would say that it knows none, as if one were lost.
  if (subject === key) return { kind: 'no transaction' };
  return settings.apiKey === undefined ? { kind: 'no key' } : undefined;
}
