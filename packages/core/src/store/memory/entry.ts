import type { Clock } from '../../clock.js';
import type { DeliveryState, NewDelivery, StoredDelivery } from '../durable-store.js';

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
  finished: number;
  succeeded: readonly string[];
  lastError: string | undefined;
}

const NO_BYTES = new Uint8Array(0);

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

/** Drops body and parsed event: what is done is remembered by its facts only. */
export function forgetBody(entry: Entry): void {
  entry.delivery = { ...entry.delivery, raw: NO_BYTES, event: undefined };
}

/** Adds names without repeating any. */
export function addNames(known: readonly string[], names: readonly string[]): readonly string[] {
  return names.length === 0 ? known : [...new Set([...known, ...names])];
}
