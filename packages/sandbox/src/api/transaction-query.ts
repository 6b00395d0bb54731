import type { SandboxState } from '../state/sandbox-state.js';
import type { Session } from '../state/sessions.js';
import { ApiError } from './error-answers.js';

/** What v1 knows the transactions of, under both generations' spellings. */
const TYPES: ReadonlySet<string> = new Set([
  'payment',
  'createSubscription',
  'cancelSubscription',
  'forceCancelSubscription',
  'executeSubscription',
  'createPAYGSubscription',
  'createPaygSubscription',
  'cancelPAYGSubscription',
  'cancelPaygSubscription',
  'increaseAllowance',
  'updateMaxAmount',
  'transfer',
  'tokenTransfer',
  'refund',
  'faucet',
  'claimFunds',
  'releaseHeldFunds',
]);

/** The transaction whose status v1 is asked for. */
export interface TransactionQuery {
  readonly uuid: string;
  readonly type: string;
}

/**
 * The transaction in a query, under the names of today's servers or of SDK 1.x's. Throws 400 without its id, and for a
 * type that there is not.
 */
export function readTransactionQuery(querystring: string): TransactionQuery {
  const query = new URLSearchParams(querystring);
  const uuid = query.get('txUUID') || query.get('transactionUUID');
  const type = query.get('txType') || query.get('transactionStatusType');
  if (!uuid || !type) throw new ApiError(400, 'bad_request', 'txUUID and txType are required');
  if (TYPES.has(type)) return { uuid, type };
  const known = [...TYPES].join(', ');
  throw new ApiError(
    400,
    'bad_request',
    `there is no txType ${JSON.stringify(type.slice(0, 100))}: choose from ${known}`,
  );
}

/** The session of a transaction; none where the id is of a transaction of another type. */
export function sessionOf(
  { sessions }: SandboxState,
  { uuid, type }: TransactionQuery,
): Session | undefined {
  const session = sessions.find(uuid);
  return session?.terms.txType.toLowerCase() === type.toLowerCase() ? session : undefined;
}
