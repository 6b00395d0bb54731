import { getStatus } from '../api/transactions.js';
import type { TransactionReference } from '../api/transaction-ids.js';
import {
  recordTransaction,
  type RecheckOutcome,
  type TransactionRecorder,
} from './record-transaction.js';

/** Asks the API about one transaction and records what is final. Rejects with `ApiError`, or when the store is away. */
export async function recheck(
  recorder: TransactionRecorder,
  reference: TransactionReference,
): Promise<RecheckOutcome | undefined> {
  const report = await getStatus(recorder.api, reference);
  if (report === undefined) return undefined;
  recorder.sightings.note(report);
  return recordTransaction(recorder, report, { reference, source: 'recovery' });
}
