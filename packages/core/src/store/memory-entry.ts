import type { AttemptRecord } from './attempt-record.js';
import type {
  DeliveryState,
  LaterWebhook,
  NewDelivery,
  StoredDelivery,
  TakenDelivery,
  StoreStats,
  TypeFilter,
} from './durable-store.js';
import type { EntryLog } from './memory-log.js';
import type { DueQueues } from './memory-queue.js';

/** What an entry keeps of a delivery as it was recorded. */
type KeptDelivery = Omit<NewDelivery, 'event' | 'dead' | 'unhandled'>;

/** One delivery inside the memory store. The store alone changes it. */
export interface Entry {
  readonly sequence: number;
  readonly key: string;
  readonly type: string;
  readonly recordedAt: number;
  delivery: KeptDelivery;
  /** The parsed event until it is done: a replay reads the body again. */
  event: unknown;
  state: DeliveryState;
  token: string;
  /** Due: when. Running: when the lease ends. Done, dead: since when. Ms since 1970. */
  at: number;
  /** When it was taken, while it runs; ms since 1970. */
  takenAt: number | undefined;
  started: number;
  finished: number;
  /** The starts before the present taking. */
  startedBefore: number;
  /** When it was recorded or last replayed. */
  dueSince: number;
  succeeded: readonly string[];
  lastError: string | undefined;
  unhandled: boolean;
  /** What came by webhook after a look had recorded the key. */
  webhook: LaterWebhook | undefined;
  /** How often it came again. */
  duplicates: number;
  /** Oldest first; most deliveries have one. */
  attempts: AttemptRecord[] | undefined;
  /** Who took it last. */
  holder: string | undefined;
  /** Whether its key alone is left, if that. */
  isForgotten: boolean;
  /** While it runs: who was taken just before and just after it. */
  before: Entry | undefined;
  behind: Entry | undefined;
}

/** In place of a body that is not kept any more. */
export const NO_BYTES = new Uint8Array(0);
const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});

/** A fresh entry: due at once, or dead or unhandled on arrival. */
export function newEntry(delivery: NewDelivery, sequence: number, now: number): Entry {
  const { key, type } = delivery;
  return {
    sequence,
    key,
    type,
    recordedAt: now,
    delivery: keptOf(delivery),
    event: delivery.event,
    state: stateOf(delivery),
    token: '',
    at: now,
    takenAt: undefined,
    started: 0,
    startedBefore: 0,
    finished: 0,
    dueSince: now,
    succeeded: [],
    lastError: delivery.dead ?? delivery.unhandled,
    unhandled: delivery.unhandled !== undefined,
    webhook: undefined,
    duplicates: 0,
    attempts: undefined,
    holder: undefined,
    isForgotten: false,
    before: undefined,
    behind: undefined,
  };
}

/** Field by field: on Node 20 leaving out the others with a rest pattern takes longer than the rest of recording. */
function keptOf({
  key,
  subject,
  id,
  type,
  version,
  source,
  raw,
  headers,
  receivedAt,
  reference,
}: NewDelivery): KeptDelivery {
  return { key, subject, id, type, version, source, raw, headers, receivedAt, reference };
}

function stateOf({ dead, unhandled }: NewDelivery): DeliveryState {
  if (dead !== undefined) return 'dead';
  return unhandled === undefined ? 'due' : 'done';
}

/** Keeps a webhook's own facts beside what a look recorded; the first webhook counts. */
export function completeByWebhook(entry: Entry, delivery: NewDelivery): void {
  if (entry.delivery.source === 'webhook' || delivery.source !== 'webhook') return;
  const { id, version, raw, headers, receivedAt } = delivery;
  entry.webhook ??= { id, version, raw, headers, receivedAt };
}

/** What an operator sees of an entry; `bytes: false` leaves out the body and the attempts. */
export function viewOf(entry: Entry, options: { bytes: boolean }): StoredDelivery {
  const { reference, ...facts } = entry.delivery;
  const { state, started, finished, succeeded, lastError, recordedAt, at, webhook } = entry;
  const { duplicates, attempts = [], holder, takenAt = at } = entry;
  const isHeld = state === 'running';
  return {
    ...facts,
    ...(reference === undefined ? {} : { reference }),
    raw: options.bytes ? facts.raw : NO_BYTES,
    state,
    started,
    finished,
    succeeded,
    recordedAt,
    at: isHeld ? takenAt : at,
    duplicates,
    ...(isHeld ? { leaseUntil: at } : {}),
    ...(isHeld && holder !== undefined ? { holder } : {}),
    ...(options.bytes ? { attempts: [...attempts] } : {}),
    ...(lastError === undefined ? {} : { lastError }),
    ...(entry.unhandled ? { unhandled: true } : {}),
    ...(webhook === undefined
      ? {}
      : { webhook: { ...webhook, raw: options.bytes ? webhook.raw : NO_BYTES } }),
  };
}

/** Drops body, headers, parsed event and attempts: what is left are the facts. */
export function forgetBody(entry: Entry): void {
  entry.delivery = keptOf({ ...entry.delivery, headers: NO_HEADERS, raw: NO_BYTES });
  entry.webhook = undefined;
  entry.attempts = undefined;
}

/** Whether there is a body to hand to handlers once more. */
export function hasBody({ delivery: { raw } }: Entry): boolean {
  return raw !== NO_BYTES;
}

/** What the taker of an entry gets. Written out field by field: spreading is slow, and this is done for every delivery. */
export function takenView(entry: Entry, lapsed: boolean): TakenDelivery {
  const { key, subject, type, source } = entry.delivery;
  const { id, version, receivedAt, headers, raw } = entry.webhook ?? entry.delivery;
  const { token, started, finished, succeeded, dueSince } = entry;
  // What was parsed is the look's body.
  const event = entry.webhook === undefined ? entry.event : undefined;
  return {
    key,
    subject,
    id,
    type,
    version,
    source,
    receivedAt,
    headers,
    raw,
    event,
    token,
    started,
    finished,
    lapsed,
    dueSince,
    succeeded,
  };
}

/** Adds names without repeating any. */
export function addNames(known: readonly string[], names: readonly string[]): readonly string[] {
  if (names.length === 0) return known;
  // Most deliveries have one handler.
  if (known.length === 0 && names.length === 1) return [...names];
  return [...new Set([...known, ...names])];
}

/** Counts by state. */
export function statsOf(
  { counts }: EntryLog,
  due: DueQueues,
  { now, handled }: { readonly now: number; readonly handled: TypeFilter | undefined },
): StoreStats {
  const { unhandled, ...states } = counts;
  const oldest = Math.min(now, due.oldest(now));
  return { ...states, unhandled: unhandled + due.unwanted(handled), oldestDueAgeMs: now - oldest };
}
