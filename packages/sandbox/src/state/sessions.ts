import { BoundedMap, type Listeners } from './registry.js';

/** What a session is for. */
export type SessionKind = 'payment' | 'subscription';

/** v2's statuses; a failed attempt is not one of them: the session stays `created`. */
export type SessionStatus = 'created' | 'waitingConfirmation' | 'completed' | 'expired';

/** A length of time as a merchant writes it, e.g. `{ value: 1, unit: 'months' }`. */
export interface SessionPeriod {
  readonly value: number;
  readonly unit: string;
}

/** A line of the merchant's own on top of the price. */
export interface SessionFee {
  readonly label: string;
  readonly description?: string | undefined;
  readonly amountUsd: number;
}

/** What a customer pays beside the price. */
export interface SessionFees {
  /** Whether the customer bears QBitFlow's processing fee. The sandbox's dashboard says no. */
  readonly processingFee: boolean;
  readonly items: readonly SessionFee[];
}

/** What the merchant asked for, under one set of names for both API generations. */
export interface SessionTerms {
  readonly kind: SessionKind;
  /** `payment`, `createSubscription` or, from SDK 1.x, `createPAYGSubscription`. */
  readonly txType: string;
  /** What `{{TRANSACTION_TYPE}}` becomes: the type, or what SDK 1.x pages show instead. */
  readonly placeholderType: string;
  /** Opened through SDK 1.x's route: its v1 webhooks have the type in `status.type`. */
  readonly legacy: boolean;
  readonly productId?: number | undefined;
  readonly productUuid?: string | undefined;
  readonly productReference?: string | undefined;
  readonly productName: string;
  readonly description?: string | undefined;
  /** USD. */
  readonly price: number;
  /** On top of the price of a v2 payment. */
  readonly fees?: SessionFees | undefined;
  /** The merchant's order id. */
  readonly reference?: string | undefined;
  readonly successUrl?: string | undefined;
  readonly cancelUrl?: string | undefined;
  /** Where older v1 integrations want this session's webhooks. */
  readonly webhookUrl?: string | undefined;
  readonly customerUuid?: string | undefined;
  readonly customerReference?: string | undefined;
  readonly frequency?: SessionPeriod | undefined;
  readonly trialPeriod?: SessionPeriod | undefined;
  readonly minPeriods?: number | undefined;
  /** Minutes until the link ends; QBitFlow's own default is 24 hours. */
  readonly expiresInMinutes?: number | undefined;
}

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
  readonly txHash?: string;
  readonly completedAt?: number;
  /** Set in the second half of its confirmation: v1 then says `pending`, v2 still `waitingConfirmation`. */
  readonly settling?: true;
  /** Of a completed subscription session. */
  readonly subscription?: Subscription;
  readonly lastAttempt?: FailedAttempt;
}

/** Of v2's subscription statuses those that the sandbox knows. */
export type SubscriptionStatus = 'trial' | 'active' | 'cancelled';

/** One bill of a subscription. All times in ms since 1970. */
export interface SubscriptionBill {
  /** `sub-hist@<uuid>`. */
  readonly uuid: string;
  readonly txHash: string;
  readonly at: number;
  readonly periodStart: number;
  readonly periodEnd: number;
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
  readonly cancelledAt?: number;
}

/**
 * What can happen to a session, or to the subscription it became, that somebody outside hears of;
 * `statusChanged` is the subscription's.
 */
export type News = 'completed' | 'failed' | 'expired' | 'billed' | 'statusChanged';

/** Every session of this sandbox, by id and by the merchant's reference. */
export interface Sessions {
  /** Finds a session by its id, or by the bare UUID that old links carry. */
  readonly find: (uuid: string) => Session | undefined;
  /** The session that holds a reference: until it expires unpaid. */
  readonly findHolder: (reference: string) => Session | undefined;
  /** Keeps a new session, or a changed one in place of what it was. */
  readonly save: (session: Session) => void;
  /** Oldest first. */
  readonly list: () => Session[];
}

/** An empty registry that keeps the last `limit` sessions and tells of every change. */
export function createSessions(limit: number, listeners: Listeners<Session>): Sessions {
  const references = new Map<string, string>();
  const byUuid = new BoundedMap<Session>(limit, (session) => {
    const { reference = '' } = session.terms;
    if (references.get(reference) === session.uuid) references.delete(reference);
  });

  const find = (uuid: string): Session | undefined =>
    byUuid.get(uuid) ?? byUuid.get(`pay@${uuid}`) ?? byUuid.get(`sub@${uuid}`);

  return {
    find,
    findHolder(reference) {
      const session = find(references.get(reference) ?? '');
      return session?.status === 'expired' ? undefined : session;
    },
    save(session) {
      byUuid.set(session.uuid, session);
      if (session.terms.reference !== undefined)
        references.set(session.terms.reference, session.uuid);
      listeners.tell(session);
    },
    list: () => byUuid.values(),
  };
}
