import type { Log } from '../log.js';
import { BoundedMap, createListeners } from './registry.js';
import type { SessionTerms } from './terms.js';

/** v2's statuses; a failed attempt is not one of them: the session stays `created`. */
export type SessionStatus = 'created' | 'waitingConfirmation' | 'completed' | 'expired';

/** A payment attempt that failed: never final. */
export interface FailedAttempt {
  readonly status: 'failed';
  readonly code: string;
  readonly message: string;
  readonly txHash: string;
  /** RFC 3339. */
  readonly at: string;
}

/** A checkout session and, once paid, the payment or subscription of the same id. All times in ms since 1970. */
export interface Session {
  /** `pay@<uuid>` or `sub@<uuid>`. */
  readonly uuid: string;
  /** The hosted checkout page. */
  readonly link: string;
  readonly terms: SessionTerms;
  readonly status: SessionStatus;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Of the customer, who paid the price and its fees with it. */
  readonly customerUuid?: string;
  /** What the customer chose to pay with; the sandbox's first currency where nobody chose. */
  readonly currencyId?: number;
  /** Who paid, as the checkout asked; only the sandbox's own pages show it. */
  readonly payer?: { readonly name: string; readonly email: string };
  readonly txHash?: string;
  /** When the customer paid: its confirmation may come later. */
  readonly sentAt?: number;
  readonly completedAt?: number;
  /** Set in the second half of its confirmation: v1 then says `pending`, v2 still `waitingConfirmation`. */
  readonly settling?: true | undefined;
  /** Of a completed subscription session. */
  readonly subscription?: Subscription;
  /** The latest one; after one that was denied there may be another. */
  readonly refund?: Refund;
  readonly fundsRelease?: FundsRelease;
  readonly lastAttempt?: FailedAttempt;
}

/** v2's subscription statuses. */
export type SubscriptionStatus =
  'trial' | 'trialExpired' | 'active' | 'pastDue' | 'paused' | 'stopped' | 'cancelled';

/** What a subscription's customer has to do, or its next bill fails. */
export type RequiredAction = 'topUpAllowance' | 'raiseMaximum' | 'confirmTrial';

/** Why a bill cannot be collected. */
export type BillingFailureReason =
  'insufficientBalance' | 'allowanceExhausted' | 'approvalRevoked' | 'maxAmountExceeded' | 'other';

/** Who or what ended a subscription. */
export type CancellationReason =
  | 'customer'
  | 'merchant'
  | 'billingFailed'
  | 'trialNotConverted'
  | 'merchantClosed'
  | 'inactiveOnChain';

/** One bill of a subscription. All times in ms since 1970. */
export interface SubscriptionBill {
  /** `sub-hist@<uuid>`. */
  readonly uuid: string;
  readonly txHash: string;
  readonly at: number;
  readonly periodStart: number;
  readonly periodEnd: number;
}

/** A bill that could not be collected yet. All times in ms since 1970. */
export interface FailedBill {
  /** `sub-hist@<uuid>`: it keeps it when it is collected after all. */
  readonly uuid: string;
  readonly reason: BillingFailureReason;
  /** When it failed first. */
  readonly since: number;
  /** How often it was tried. */
  readonly attempt: number;
  readonly remainingAttempts: number;
  /** Not set after the last attempt. */
  readonly nextAttemptAt?: number | undefined;
}

/** What a paid subscription session became. All times in ms since 1970. */
export interface Subscription {
  readonly status: SubscriptionStatus;
  /** Before its latest change, if it ever changed. */
  readonly previousStatus?: SubscriptionStatus;
  readonly updatedAt: number;
  readonly currentPeriodEnd: number;
  /** A subscription in its trial has none yet. */
  readonly lastBill?: SubscriptionBill;
  /** How many bills there were. */
  readonly billCount: number;
  readonly actionRequired?: RequiredAction | undefined;
  /** Before its latest change. */
  readonly previousActionRequired?: RequiredAction | undefined;
  /** How bills by the calendar go until told otherwise; they are collected where it is not set. */
  readonly billsFail?: BillingFailureReason | undefined;
  /** While it is past due. */
  readonly failedBill?: FailedBill | undefined;
  /** The bill, by when it is due, that was announced last. */
  readonly announcedFor?: number;
  readonly trialExpiredAt?: number;
  readonly cancelledAt?: number;
  readonly cancellationReason?: CancellationReason;
}

/** A payment, or a subscription's last bill, that is given back. All times in ms since 1970. */
export interface Refund {
  /** `refund@<uuid>`. */
  readonly uuid: string;
  /** `pay@<uuid>` or `sub-hist@<uuid>`. */
  readonly txUuid: string;
  readonly status: 'pending' | 'approved' | 'rejected';
  readonly initiatedBy: 'customer' | 'merchant';
  readonly reason: string;
  /** Of what was paid: more than 0, at most 100. */
  readonly percent: number;
  readonly createdAt: number;
  /** Empty until the merchant answers. */
  readonly merchantMessage: string;
  readonly respondedAt?: number;
  /** Of the transaction that gave it back. */
  readonly txHash?: string;
}

/** The transfer that paid out what was held of a payment. */
export interface FundsRelease {
  /** `transfer@<uuid>`. */
  readonly uuid: string;
  readonly txHash: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The marketplace's member who is paid, where there is one. */
  readonly userUuid?: string | undefined;
}

/** What is reported of a session, and of what it became. */
export type SessionEvent =
  | 'completed'
  | 'failed'
  | 'expired'
  | 'billed'
  | 'statusChanged'
  | 'actionRequiredChanged'
  | 'billingFailed'
  | 'upcomingBill'
  | 'refundRequested'
  | 'refundCompleted'
  | 'refundDenied'
  | 'fundsReleased';

/** Every session of this sandbox, by id and by the merchant's reference. */
export interface Sessions {
  /** Finds a session by its id, or by the bare UUID that old links carry. */
  readonly find: (uuid: string) => Session | undefined;
  /** The session that holds a reference in the space of these terms: until it expires unpaid. */
  readonly findHolder: (terms: SessionTerms) => Session | undefined;
  /** Keeps a new session, or a changed one in place of what it was. */
  readonly save: (session: Session) => void;
  /** Oldest first. */
  readonly list: () => Session[];
  /** Calls `listener` with every new or changed session; returns a function that stops it. */
  readonly onChange: (listener: (session: Session) => void) => () => void;
}

/** An empty registry that keeps the last `limit` sessions. */
export function createSessions(limit: number, log: Log): Sessions {
  const listeners = createListeners<Session>(log);
  const holders = createHolders();
  const byUuid = new BoundedMap<Session>(limit, (session) => {
    holders.release(session);
  });

  const find = (uuid: string): Session | undefined =>
    byUuid.get(uuid) ?? byUuid.get(`pay@${uuid}`) ?? byUuid.get(`sub@${uuid}`);

  return {
    find,
    findHolder: (terms) => find(holders.find(terms) ?? ''),
    save(session) {
      if (session.status === 'expired') holders.release(session);
      else holders.hold(session);
      byUuid.set(session.uuid, session);
      listeners.notify(session);
    },
    list: () => byUuid.values(),
    onChange: listeners.add,
  };
}

/** Which sessions hold which reference. v1 lets several have the same: each of them holds it. */
function createHolders() {
  const byReference = new Map<string, Set<string>>();
  const keyOf = ({ userUuid = '', reference = '' }: SessionTerms) => `${userUuid} ${reference}`;
  return {
    /** The id of a session that holds the reference of these terms, in their space. */
    find: (terms: SessionTerms): string | undefined =>
      byReference.get(keyOf(terms))?.values().next().value,
    hold({ uuid, terms }: Session): void {
      if (terms.reference === undefined) return;
      const key = keyOf(terms);
      byReference.set(key, (byReference.get(key) ?? new Set()).add(uuid));
    },
    release({ uuid, terms }: Session): void {
      const key = keyOf(terms);
      const holding = byReference.get(key);
      holding?.delete(uuid);
      if (holding?.size === 0) byReference.delete(key);
    },
  };
}
