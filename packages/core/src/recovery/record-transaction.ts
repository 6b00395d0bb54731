import type { ApiClient } from '../api/client.js';
import { getTransaction, type CompletedTransaction } from '../api/get-transaction.js';
import type { TransactionStatusReport } from '../api/status-report.js';
import type { TransactionReference } from '../api/transaction-reference.js';
import { keyOfExpiredCheckout, keyOfPayment, keyOfSubscription } from '../event/keys.js';
import type { DeliverySource, RecordOutcome } from '../store/durable-store.js';

/** Records a body as if it had been delivered; resolves with what the store says. */
export type RecordBody = (body: object, source: DeliverySource) => Promise<RecordOutcome>;

/** What recording a transaction needs. */
export interface TransactionRecorder {
  readonly api: ApiClient;
  readonly recordBody: RecordBody;
}

/**
 * Records what the API says about a transaction under the key its webhook would have: whoever comes first, webhook,
 * return page or recovery, is the one whose event is handled. `undefined` when there is nothing final to record.
 */
export async function recordTransaction(
  { api, recordBody }: TransactionRecorder,
  report: TransactionStatusReport,
  { reference, source }: { reference: TransactionReference; source: DeliverySource },
): Promise<RecordOutcome | undefined> {
  if (report.status === 'expired') return recordBody(expiredBody(reference), source);
  if (report.status !== 'completed') return undefined;
  const transaction = await getTransaction(api, reference);
  if (transaction === undefined) return undefined;
  return recordBody(completedBody(reference, transaction), source);
}

/** v2's envelope around what the API gave; its id is the key, which no delivery's id can be. */
function completedBody(
  { uuid }: TransactionReference,
  { kind, data }: CompletedTransaction,
): object {
  const isPayment = kind === 'payment';
  return {
    id: isPayment ? keyOfPayment(uuid) : keyOfSubscription(uuid),
    type: isPayment ? 'payment.completed' : 'subscription.created',
    version: 'v2',
    createdAt: data['createdAt'],
    test: data['test'],
    data: { ...data, uuid },
  };
}

function expiredBody({ uuid, type }: TransactionReference): object {
  return {
    id: keyOfExpiredCheckout(uuid, type),
    type: 'checkout.expired',
    version: 'v2',
    data: { uuid, txType: type },
  };
}
