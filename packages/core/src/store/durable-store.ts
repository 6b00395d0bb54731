import type { Logger } from '../logger.js';
import type { AttemptRecord } from './attempt-record.js';
import type { StoreSchema } from './store-schema.js';

/**
 * The durable inbox: where a delivery waits between the 200 and its handlers' success.
 *
 * ```text
 *            record                takeDue                  complete
 *  delivery ────────▶ due ───────────────────▶ running ─────────────▶ done ──▶ prune ──▶ key alone
 *     │                ▲ ▲ ◀── retry, lapsed lease ──┘ │               │ ▲
 *     │                │ └───────────── replay ────────┼───────────────┘ │ settleUnhandled (from due)
 *     │ record(dead)   │ replay                        │ bury            │ record(unhandled)
 *     └──────────────▶ dead ◀──────────────────────────┘──▶ discard ──▶ key alone
 * ```
 *
 * Glossary
 * - **delivery**: one recorded event, whatever number of POSTs brought it.
 * - **idempotency key**: names what happened (`payment.completed:pay@…`); one record a key, ever.
 * - **subject**: the transaction the event is about; two deliveries of one subject never run at once in a process.
 * - **lease**: how long a taker may hold a running delivery before others may take it.
 * - **claim**: key and token of one taking; a claim whose lease lapsed and was retaken is *lost*.
 * - **started / finished**: attempts begun and attempts ended, counted apart: the gap tells of crashed processes.
 * - **dead letter**: a delivery that no attempt will touch until someone replays or discards it.
 * - **unhandled**: done without any handler having seen it; it can be listed and replayed while its body is kept.
 * - **tombstone**: what is left of a delivery whose body was pruned or discarded: its key, for as long as keys are kept.
 *
 * Every method is one atomic step: one statement or one script. Delays are relative (ms), so that a store with a
 * clock of its own uses that one. Methods reject when the store cannot be reached; they never hang forever.
 */
export interface DurableStore {
  /** What the store calls itself in log lines, e.g. `memory`, `postgres`. */
  readonly name: string;
  /** Whether what it holds survives the process. */
  readonly durable: boolean;
  /**
   * Keeps a delivery unless its key is known, a tombstone's included (`done`). Resolves only when the record is as
   * safe as the store makes it. Where a look (`return`, `recovery`) recorded the key first and this delivery is a
   * webhook, its body is kept beside the first one: `takeDue` gives the webhook's from then on, `get` both.
   *
   * A worker that is free passes a lease: what is due is then recorded as running and taken in the same step, and comes
   * back from no `takeDue` while the lease holds. A store may leave it due instead (its outcome has no `taken`).
   */
  record(delivery: NewDelivery, options?: RecordOptions): Promise<RecordOutcome>;
  /**
   * Takes up to `limit` deliveries that are due, or running with a lapsed lease, oldest due first: of the wanted types
   * only, one a subject at most, none of an excluded subject. It may give fewer than there are; nothing at all means
   * that nothing is due for these options.
   */
  takeDue(options: TakeOptions): Promise<readonly TakenDelivery[]>;
  /** Renews the lease, remembers handlers that succeeded meanwhile, and notes a start when asked. Safe to repeat. */
  extend(claim: Claim, options: ExtendOptions): Promise<ClaimOutcome>;
  /** running → done. */
  complete(claim: Claim, progress: Progress): Promise<ClaimOutcome>;
  /** running → due again after `delayMs`. */
  retry(claim: Claim, options: RetryOptions): Promise<ClaimOutcome>;
  /** running → dead. */
  bury(claim: Claim, options: BuryOptions): Promise<ClaimOutcome>;
  /**
   * dead or done → due now, with both counters back at zero. Handlers that had succeeded stay remembered for a dead
   * letter and are forgotten for a done one: all of them run again. `false` for any other state and for a tombstone.
   */
  replay(key: string): Promise<boolean>;
  /** Drops a dead letter's body and leaves a tombstone. `false` when the key is not dead. */
  discard(key: string): Promise<boolean>;
  /** due → done with `unhandled` set, for up to `limit` of these types that have been due for `dueForMs` or longer; resolves with how many. */
  settleUnhandled(options: SettleOptions): Promise<number>;
  /** One delivery with its body and its attempts, or `undefined`. */
  get(key: string): Promise<StoredDelivery | undefined>;
  /** Deliveries newest first, a page at a time. Rejects with `misconfigured` for a `limit` or `cursor` that is none. */
  list(filter: ListFilter): Promise<DeliveryPage>;
  /** How many are in each state, and how long the oldest due one has waited. `handled` tells which types count as unhandled: the others. */
  stats(options?: { readonly handled?: TypeFilter | undefined }): Promise<StoreStats>;
  /**
   * Turns up to `limit` deliveries that have been done for `doneForMs` or longer into tombstones, and forgets up to
   * `limit` tombstones that are older than `keepKeysMs`; resolves with how many of both. Dead letters stay.
   */
  prune(options: PruneOptions): Promise<number>;
  /**
   * Since when this store knows every key that it was given, in ms since 1970 by its clock: since it was made (kept
   * with its data) or since its oldest key was forgotten, whichever is later. What happened earlier may have been
   * handled and forgotten.
   */
  knownSince(): Promise<number>;
  /** Releases what the store itself opened, never what the merchant passed in. */
  close(): Promise<void>;
  /** Which version the schema of the data has. It only looks, before `init` too: nothing is made or brought up to date. */
  schema?(): Promise<StoreSchema>;
  /** Prepares the store (schema, scripts, warnings); may be called often and at once from many processes. */
  init?(start?: StoreStart): Promise<void>;
  /**
   * Calls back when a delivery became due, in this process or another, with its subject where that is known. A hint
   * only: calls may be missed or doubled. Returns how to stop listening.
   */
  onDue?(listener: (subject: string | undefined) => void): () => void;
  /**
   * Inside the merchant's own transaction `tx`: remembers that a handler succeeded, and with `done` completes the
   * delivery, so that the handler's writes and this commit together. `lost` means: roll back.
   */
  completeWithin?(
    tx: unknown,
    claim: Claim,
    options: Progress & { readonly done: boolean },
  ): Promise<ClaimOutcome>;
  /**
   * Runs `work` in a transaction of the store's own database: commits when it resolves, rolls back when it rejects. A
   * connection that breaks meanwhile rejects too and does nothing else. `completeWithin` takes the `tx` that `work` is
   * given; what it is, the store's documentation says.
   */
  transaction?<Result>(work: (tx: unknown) => Promise<Result>): Promise<Result>;
  /**
   * Keeps a text under a name for `keepMs`, in place of the one before: what processes tell each other's desks (who is
   * there, how much was done in a minute). `name` is printable ASCII of 1 to 200 characters, `text` has at most 64 KiB in
   * UTF-8 and no U+0000. Rejects with `misconfigured` for what cannot be.
   */
  putNote?(name: string, text: string, options: { readonly keepMs: number }): Promise<void>;
  /** Every note that is kept and whose name begins with `prefix`, in the order of their names' bytes, 10,000 at most. */
  notes?(prefix: string): Promise<readonly StoreNote[]>;
}

/** A text that a process left for the others. `at`: when, in ms since 1970 by the store's clock. */
export interface StoreNote {
  readonly name: string;
  readonly text: string;
  readonly at: number;
}

/** Who is about to use the store, for what it has to say about that at start. */
export interface StoreStart {
  /** How many handlers may run at once in this process. */
  readonly concurrency: number;
  readonly logger: Logger;
}

/** `due → running → done`; `dead` waits for an operator. */
export type DeliveryState = 'due' | 'running' | 'done' | 'dead';

/** How an event reached the kit. */
export type DeliverySource = 'webhook' | 'return' | 'recovery';

/** What is recorded of a delivery. `key`, `subject`, `id` and `type` are printable ASCII of at most 512 characters. */
export interface NewDelivery {
  /** The idempotency key. */
  readonly key: string;
  /** The transaction it is about. */
  readonly subject: string;
  /** The event's id as sent, or the key where the sender gave none. */
  readonly id: string;
  /** The event's type as sent. */
  readonly type: string;
  readonly version: 'v1' | 'v2';
  readonly source: DeliverySource;
  /** The body, byte for byte. */
  readonly raw: Uint8Array;
  /** The headers that matter for reading it again (signature, timestamp) and its trace context. Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** When it came, ms since 1970 by the receiver's clock. */
  readonly receivedAt: number;
  /** Set when the delivery is genuine but unreadable: it is recorded as a dead letter with this reason. */
  readonly dead?: string | undefined;
  /** Set when no handler may see it (test money in a live shop): it is recorded as done and unhandled, with this reason as `lastError`. */
  readonly unhandled?: string | undefined;
  /**
   * The merchant's own word for it (an order's number), by which operators find it: any text of at most 256 characters,
   * well formed and without U+0000. A kit gives it to stores that have `putNote`: earlier ones do not know it.
   */
  readonly reference?: string | undefined;
  /**
   * The parsed event, for a store that hands work over inside one process. Never required back from `takeDue`:
   * what is missing is parsed again from `raw`.
   */
  readonly event?: unknown;
}

/** How a delivery is recorded. */
export interface RecordOptions {
  /** Take it at once for so long (ms), as a first `takeDue` would: `started` is 1. @default it waits for a taker */
  readonly leaseMs?: number | undefined;
  /** Who takes it: see {@link TakeOptions.holder}. */
  readonly holder?: string | undefined;
}

/** `duplicate` tells the state of the record that was there first. */
export type RecordOutcome =
  | {
      readonly status: 'recorded';
      /** Set when it was taken in the same step: what `takeDue` would have told beside what was recorded. */
      readonly taken?: Pick<TakenDelivery, 'token' | 'dueSince'> | undefined;
    }
  | { readonly status: 'duplicate'; readonly state: DeliveryState };

/** Names one taking of one delivery. */
export interface Claim {
  readonly key: string;
  readonly token: string;
}

/** `lost`: the lease lapsed and the delivery is no longer this taker's. Nothing was changed. */
export type ClaimOutcome = 'ok' | 'lost';

/** Names of the handlers known to have succeeded. A store adds them to what it remembers. */
export interface Progress {
  readonly succeeded: readonly string[];
  /** The attempt that ends with this step, for operators. A store keeps the last `KEPT_ATTEMPTS` as they are. */
  readonly attempt?: AttemptRecord | undefined;
}

/** Event types by name, as recorded in `type`: some, or all but some. */
export type TypeFilter =
  { readonly only: readonly string[] } | { readonly except: readonly string[] };

/** How much to take, for how long, and what of it. */
export interface TakeOptions {
  readonly limit: number;
  readonly leaseMs: number;
  /** @default all types */
  readonly types?: TypeFilter | undefined;
  /** Subjects of which nothing may be taken: the taker is at work on them. @default none */
  readonly exceptSubjects?: readonly string[] | undefined;
  /** How many of the `limit` may be deliveries whose earlier start never finished (`lapsed`). @default `limit` */
  readonly lapsedLimit?: number | undefined;
  /** Which process takes, for operators: printable ASCII of at most 64 characters, e.g. `web-1:4711`. @default not said */
  readonly holder?: string | undefined;
}

/** Which due deliveries no handler is going to see. */
export interface SettleOptions {
  readonly types: TypeFilter;
  /** Since the delivery was recorded or replayed, in ms. */
  readonly dueForMs: number;
  readonly limit: number;
}

/** What to drop: bodies after `doneForMs`, keys after `keepKeysMs` (ms, `Infinity` keeps them forever; counted from when the delivery was done or discarded). */
export interface PruneOptions {
  readonly doneForMs: number;
  /** @default Infinity */
  readonly keepKeysMs?: number | undefined;
  readonly limit: number;
}

/** A delivery as its taker sees it. */
export interface TakenDelivery extends NewDelivery, Claim {
  /**
   * Attempts begun, this one included. A first start is counted by the take itself. After a lapsed lease nothing is
   * counted (`lapsed` is set): the worker counts the start with `extend({ start })` just before it runs the
   * delivery alone, so that bystanders of a crash are not blamed for it.
   */
  readonly started: number;
  /** Attempts ended by complete, retry or bury. */
  readonly finished: number;
  /** Whether an earlier start never finished. */
  readonly lapsed: boolean;
  /** When it was recorded or last replayed, ms since 1970 by the store's clock: bounds how long handlers may put it off. */
  readonly dueSince: number;
  /** Handlers that succeeded in earlier attempts. */
  readonly succeeded: readonly string[];
}

/**
 * `start` is the number of starts the delivery has from now on, kept durably before a delivery with a lapsed lease is
 * run again. A number, not "one more": asked again after a lost answer it must not count twice.
 */
export interface ExtendOptions extends Progress {
  readonly leaseMs: number;
  readonly start?: number | undefined;
}

/** `counted: false` hands the delivery back as if it had not been taken (shutdown). */
export interface RetryOptions extends Progress {
  readonly delayMs: number;
  readonly error: string;
  readonly counted?: boolean;
}

/** Why no further attempt makes sense. */
export interface BuryOptions extends Progress {
  readonly error: string;
}

/** A delivery as an operator sees it. Times are ms since 1970 by the store's clock. */
export interface StoredDelivery extends Omit<NewDelivery, 'unhandled'> {
  readonly state: DeliveryState;
  readonly started: number;
  readonly finished: number;
  readonly succeeded: readonly string[];
  readonly lastError?: string | undefined;
  /** Set on a done delivery that no handler has seen. */
  readonly unhandled?: boolean | undefined;
  /** How often it came again and was known. @default not counted by this store */
  readonly duplicates?: number | undefined;
  /** Oldest first, the last `KEPT_ATTEMPTS`: those that ended. On pages of `list` it is left out. */
  readonly attempts?: readonly AttemptRecord[] | undefined;
  /** Who holds it while it is running, where the taker said so. */
  readonly holder?: string | undefined;
  /** Until when it is held while it is running. */
  readonly leaseUntil?: number | undefined;
  /** The webhook that came after a look had recorded the key: what a look could not know. */
  readonly webhook?: LaterWebhook | undefined;
  readonly recordedAt: number;
  /** When it is due, was taken, was done or died: the time of the last transition or, for `due`, the time it waits for. */
  readonly at: number;
}

/** A webhook's own facts, kept beside the record that a look made. */
export type LaterWebhook = Pick<NewDelivery, 'id' | 'version' | 'raw' | 'headers' | 'receivedAt'>;

/**
 * `limit` is a whole number from 1 on, 50 unless given; more than 1,000 counts as 1,000. `cursor` is the `nextCursor` of
 * the page before, unchanged: one that is damaged, or of another kind of store, is an error and no empty page.
 */
export interface ListFilter {
  readonly state?: DeliveryState | undefined;
  readonly type?: string | undefined;
  readonly subject?: string | undefined;
  /** The merchant's own word, exactly. */
  readonly reference?: string | undefined;
  /** Recorded at or after, in ms since 1970 by the store's clock. */
  readonly recordedFrom?: number | undefined;
  /** Recorded before, in ms since 1970 by the store's clock. */
  readonly recordedUntil?: number | undefined;
  /**
   * Only those whose `lastError` contains this text, whatever the case of its ASCII letters. A page may then hold fewer
   * than there are, even none, with a `nextCursor` from which to go on: a store looks at 10,000 deliveries a page at most.
   */
  readonly error?: string | undefined;
  /** `true`: only done ones that no handler has seen. */
  readonly unhandled?: boolean | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** One page; `nextCursor` is absent on the last. Bodies are left out (`raw` is empty): `get` has them. */
export interface DeliveryPage {
  readonly items: readonly StoredDelivery[];
  readonly nextCursor?: string | undefined;
}

/**
 * Counts by state; tombstones are not counted. `oldestDueAgeMs` is 0 when nothing is due; a retry that still waits is
 * not due. `unhandled`: done ones that no handler has seen and, where `handled` was given, due ones of other types.
 */
export interface StoreStats {
  readonly due: number;
  readonly running: number;
  readonly done: number;
  readonly dead: number;
  readonly unhandled: number;
  readonly oldestDueAgeMs: number;
}
