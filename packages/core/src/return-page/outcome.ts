import { isSpellingOf, type TransactionReference } from '../api/transaction-ids.js';
import type { TransactionStatus } from '../event/data.js';
import type { PurchaseDetails } from './details.js';
import {
  meaningOf,
  stepOf,
  type ReturnStep,
  type StatusAnswer,
  type StatusTrouble,
  type StatusMeaning,
} from '../status/transaction-status.js';

/**
 * What a return page says. `unknown`: no such payment, or none of this customer's business. `invalid`: the URL names
 * no payment.
 */
export type ReturnState = StatusMeaning['state'] | 'unknown' | 'invalid';

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
  /** Why the page cannot say more: the API does not answer, or more pages ask than it takes. */
  readonly trouble?: StatusTrouble | undefined;
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
    const { retryAfterMs, trouble } = answer;
    return { ...common, state: 'waiting', final: false, trouble, retryAfterMs };
  }
  const { report } = answer;
  const { state, final } = meaningOf(report);
  // A link may carry a bare id; the API's own says whether it is a payment's or a subscription's.
  const uuid = isSpellingOf(reference.uuid, report.uuid) ? report.uuid : reference.uuid;
  return {
    ...common,
    uuid,
    state,
    status: report.status,
    step: stepOf(report),
    final,
    attemptFailed: !final && report.lastAttempt !== undefined,
  };
}

/** The outcome of a URL that names no payment. */
export function invalidOutcome(page: 'success' | 'cancel'): ReturnOutcome {
  return { state: 'invalid', page, final: true, attemptFailed: false };
}
