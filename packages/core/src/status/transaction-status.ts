import type { TransactionStatusReport } from '../api/transactions.js';
import type { TransactionStatus } from '../event/data.js';
import type { KnownEventType } from '../event/types.js';
import type { GenerationName } from '../protocol/generation.js';

/** How far a payment has come: the customer has to pay, it was sent, it is being confirmed, it is paid. */
export type ReturnStep = 'customer' | 'sent' | 'confirming' | 'paid';

/** Which event is recorded of a transaction that is seen with this status, by what the transaction is. */
export interface RecordedAs {
  readonly payment: KnownEventType;
  readonly subscription: KnownEventType;
  /** Whether pages record it when they see it. Where not, its webhook or a recheck does: nothing waits to be fulfilled. */
  readonly byPages: boolean;
}

/** What a status means. */
export type StatusMeaning =
  | {
      /** Whether no later answer can differ. */
      readonly final: false;
      /** What a return page says. */
      readonly state: 'waiting';
      /** How far the payment has come; `undefined` where the status does not say. `sent` is `confirming` with a hash. */
      readonly step: 'customer' | 'sent' | undefined;
      readonly records: undefined;
    }
  | {
      readonly final: true;
      readonly state: 'paid';
      readonly step: 'paid';
      readonly records: RecordedAs;
    }
  | {
      readonly final: true;
      readonly state: 'expired';
      readonly step: undefined;
      readonly records: RecordedAs;
    }
  | {
      readonly final: true;
      readonly state: 'failed';
      readonly step: undefined;
      readonly records: undefined;
    };

const NOT_PAID_YET = {
  final: false,
  state: 'waiting',
  step: 'customer',
  records: undefined,
} as const;
// Both words cover the whole way from sent to paid.
const ON_ITS_WAY = { final: false, state: 'waiting', step: 'sent', records: undefined } as const;
const PAID = {
  final: true,
  state: 'paid',
  step: 'paid',
  records: { payment: 'payment.completed', subscription: 'subscription.created', byPages: true },
} as const;
const FAILED = { final: true, state: 'failed', step: undefined, records: undefined } as const;
const EXPIRED = {
  final: true,
  state: 'expired',
  step: undefined,
  records: { payment: 'checkout.expired', subscription: 'checkout.expired', byPages: false },
} as const;
/** A status newer than this kit may be an end or not: it is neither shown as one, nor taken as proof that there was none. */
const NOT_KNOWN = { final: false, state: 'waiting', step: undefined, records: undefined } as const;

type Known<T extends string> = T extends string ? (string extends T ? never : T) : never;

/**
 * The one place that says what a status means, by the generation of the API that said it. v2 has neither `failed` nor
 * `cancelled`: there a failed attempt is a `created` with `lastAttempt`, and the customer may try again.
 */
const MEANINGS = {
  created: { v1: NOT_PAID_YET, v2: NOT_PAID_YET },
  waitingConfirmation: { v1: ON_ITS_WAY, v2: ON_ITS_WAY },
  pending: { v1: ON_ITS_WAY, v2: ON_ITS_WAY },
  completed: { v1: PAID, v2: PAID },
  failed: { v1: FAILED, v2: NOT_KNOWN },
  cancelled: { v1: FAILED, v2: NOT_KNOWN },
  expired: { v1: EXPIRED, v2: EXPIRED },
} as const satisfies Readonly<
  Record<Known<TransactionStatus>, Readonly<Record<GenerationName, StatusMeaning>>>
>;

/** By text: a status comes from outside, and may be called `constructor`. */
const BY_STATUS: ReadonlyMap<string, Readonly<Record<GenerationName, StatusMeaning>>> = new Map(
  Object.entries(MEANINGS),
);

/** What a report's status means. */
export function meaningOf({
  status,
  generation,
}: Pick<TransactionStatusReport, 'status' | 'generation'>): StatusMeaning {
  return BY_STATUS.get(status)?.[generation] ?? NOT_KNOWN;
}

/** How far a payment has come, as a report says; `undefined` where it does not, or has ended otherwise than paid. */
export function stepOf(report: TransactionStatusReport): ReturnStep | undefined {
  const { step } = meaningOf(report);
  // A hash says that the chain has seen it.
  return step === 'sent' && report.txHash ? 'confirming' : step;
}

/** Why the API could not be asked: it does not answer, or more is asked than it takes. */
export type StatusTrouble = 'away' | 'crowded';

/**
 * What the API says about a transaction, or that it could not be asked. A report may be the last one there was, where
 * it could not be asked now; `retryAfterMs`: how long it asks to be left alone.
 */
export type StatusAnswer =
  | {
      readonly kind: 'report';
      readonly report: TransactionStatusReport;
      readonly retryAfterMs?: number | undefined;
    }
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'undecided';
      readonly retryAfterMs?: number | undefined;
      /** Absent while an answer is still awaited. */
      readonly trouble?: StatusTrouble | undefined;
    };

/** Whether no later answer can differ. */
export function isFinal(answer: StatusAnswer): boolean {
  return answer.kind === 'report' && meaningOf(answer.report).final;
}
