import type { Clock } from '../../clock.js';
import type {
  DeliveryState,
  NewDelivery,
  StoredDelivery,
  TakenDelivery,
} from '../durable-store.js';

/** One delivery inside the memory store. The store alone changes it. */
export interface Entry {
  readonly sequence: number;
  readonly recordedAt: number;
  delivery: NewDelivery;
  state: DeliveryState;
  token: string;
  /** Due: when. Running: when the lease ends. Done, dead: since when. Ms since 1970. */
  at: number;
  started: number;
  /** How many of them the present taking counted: handing it back uncounted takes back those alone. */
  startsCounted: number;
  finished: number;
  succeeded: readonly string[];
  lastError: string | undefined;
}

const NO_BYTES = new Uint8Array(0);
const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});

/** A fresh entry, due at once or dead on arrival. */
export function newEntry(delivery: NewDelivery, sequence: number, clock: Clock): Entry {
  const now = clock.now();
  return {
    sequence,
    recordedAt: now,
    delivery,
    state: delivery.dead === undefined ? 'due' : 'dead',
    token: '',
    at: now,
    started: 0,
    startsCounted: 0,
    finished: 0,
    succeeded: [],
    lastError: delivery.dead,
  };
}

/** What an operator sees of an entry; `bytes: false` leaves the body out. */
export function viewOf(entry: Entry, options: { bytes: boolean }): StoredDelivery {
  const { event: _event, dead: _dead, ...facts } = entry.delivery;
  const { state, started, finished, succeeded, lastError, recordedAt, at } = entry;
  return {
    ...facts,
    raw: options.bytes ? facts.raw : NO_BYTES,
    state,
    started,
    finished,
    succeeded,
    recordedAt,
    at,
    ...(lastError === undefined ? {} : { lastError }),
  };
}

/** Drops body, headers and parsed event: what is done is remembered by its facts only. */
export function forgetBody(entry: Entry): void {
  const { key, subject, id, type, version, source, receivedAt } = entry.delivery;
  const headers = NO_HEADERS;
  entry.delivery = { key, subject, id, type, version, source, receivedAt, headers, raw: NO_BYTES };
}

/** What the taker of an entry gets. Written out field by field: spreading is slow, and this is done for every delivery. */
export function takenView(entry: Entry, lapsed: boolean): TakenDelivery {
  const { key, subject, id, type, version, source, receivedAt, headers, raw, event } =
    entry.delivery;
  const { token, started, finished, succeeded } = entry;
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
    succeeded,
  };
}

/** Adds names without repeating any. */
export function addNames(known: readonly string[], names: readonly string[]): readonly string[] {
  return names.length === 0 ? known : [...new Set([...known, ...names])];
}
