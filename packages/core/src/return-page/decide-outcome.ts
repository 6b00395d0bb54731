import type { TransactionStatusReport } from '../api/transactions.js';
import type { TransactionReference } from '../api/transaction-ids.js';
import type { TransactionStatus } from '../event/data.js';
import type { PurchaseDetails } from './details.js';
import type { StatusAnswer } from '../status/queries.js';

/**
 * What a return page says. `unknown`: no such payment, or none of this customer's business. `invalid`: the URL names
 * no payment.
 */
export type ReturnState = 'paid' | 'waiting' | 'failed' | 'expired' | 'unknown' | 'invalid';

/** How far a payment has come: the customer has to pay, it was sent, it is being confirmed, it is paid. */
export type ReturnStep = 'customer' | 'sent' | 'confirming' | 'paid';

/** What a return page is about. It holds no customer data. */
export interface ReturnOutcome {
  readonly state: ReturnState;
  readonly page: 'success' | 'cancel';
  /** Absent when `invalid`. */
  readonly uuid?: string | undefined;
  /** The API's own word, where it gave one. */
  readonly status?: TransactionStatus | undefined;
  /** Absent where the API could not be asked, and where the payment has ended otherwise. */
  readonly step?: ReturnStep | undefined;
  /** What is bought, where that is known. */
  readonly details?: PurchaseDetails | undefined;
  /** Whether a later look can tell something else. */
  readonly final: boolean;
  /** An attempt to pay did not go through; the customer may try again (v2). */
  readonly attemptFailed: boolean;
  /** How long the API asks to be left alone (ms). */
  readonly retryAfterMs?: number | undefined;
}

/** The truth for the customer, from the API's answer alone: nothing in the URL can make it `paid`. */
export function decideOutcome(
  page: 'success' | 'cancel',
  reference: TransactionReference,
  answer: StatusAnswer,
): ReturnOutcome {
  const common = { page, uuid: reference.uuid, attemptFailed: false };
  if (answer.kind === 'unknown') return { ...common, state: 'unknown', final: false };
  if (answer.kind === 'undecided') {
    return { ...common, state: 'waiting', final: false, retryAfterMs: answer.retryAfterMs };
  }
  const { report } = answer;
  const state = stateOf(report);
  return {
    ...common,
    state,
    status: report.status,
    step: stepOf(report, state),
    final: state !== 'waiting',
    attemptFailed: state === 'waiting' && report.lastAttempt !== undefined,
  };
}

/** The outcome of a URL that names no payment. */
export function invalidOutcome(page: 'success' | 'cancel'): ReturnOutcome {
  return { state: 'invalid', page, final: true, attemptFailed: false };
}

// Only v1 ends in failed or cancelled; v2 lets the customer try again. A status nobody knows yet is no verdict.
function stateOf({ status, generation }: TransactionStatusReport): ReturnState {
  if (status === 'completed') return 'paid';
  if (status === 'expired') return 'expired';
  const hasFailed = status === 'failed' || status === 'cancelled';
  return hasFailed && generation === 'v1' ? 'failed' : 'waiting';
}

function stepOf(
  { status, txHash }: TransactionStatusReport,
  state: ReturnState,
): ReturnStep | undefined {
  if (state === 'paid') return 'paid';
  if (state !== 'waiting') return undefined;
  if (status === 'created') return 'customer';
  if (status !== 'waitingConfirmation' && status !== 'pending') return undefined;
  // Both words cover the whole way from sent to paid; a hash says that the chain has seen it.
  return txHash ? 'confirming' : 'sent';
}
