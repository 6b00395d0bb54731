import type { DeliveryState, ListFilter } from './durable-store.js';
import type { Entry } from './memory-entry.js';

/** So many neighbours share one count, and are looked through one by one. */
const CHUNK = 1_024;

/** How many there are in each state; `unhandled` counts done ones that no handler has seen. */
export type Counts = Record<DeliveryState | 'unhandled', number>;

/** Entries recorded one after the other. */
class Chunk {
  readonly entries: (Entry | undefined)[] = [];
  readonly counts = noCounts();
  /** One bit a type, shared where there are many: whether one of it was ever here. */
  types = 0;
  size = 0;
  /** Nothing in it was done before. */
  doneSince = Infinity;

  mayHold({ state, unhandled }: ListFilter, type: number | undefined): boolean {
    return (
      this.size > 0 &&
      (state === undefined || this.counts[state] > 0) &&
      (unhandled !== true || this.counts.unhandled > 0) &&
      (type === undefined || (this.types & type) !== 0)
    );
  }
}

/**
 * All entries in the order of recording, counted by state. What is asked for is looked up only in chunks that have some
 * of it, so that neither a page nor pruning walks over a million entries.
 */
export class EntryLog {
  readonly counts: Counts = noCounts();
  /** The newest last. */
  readonly #chunks: Chunk[] = [];
  readonly #typeBits = new Map<string, number>();
  /** How many chunks have been dropped before the first that is left. */
  #dropped = 0;
  #sequence = 0;

  /** The number of the next entry. */
  nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  add(entry: Entry): void {
    const chunk = this.#chunkOf(entry);
    chunk.entries[entry.sequence % CHUNK] = entry;
    chunk.types |= this.#bitOf(entry.delivery.type);
    chunk.size += 1;
    this.#count(chunk, entry, 1);
  }

  remove(entry: Entry): void {
    const chunk = this.#chunkOf(entry);
    chunk.entries[entry.sequence % CHUNK] = undefined;
    chunk.size -= 1;
    this.#count(chunk, entry, -1);
    if (chunk.size === 0) chunk.entries.length = 0;
    while (this.#chunks.length > 1 && this.#chunks[0]?.size === 0) {
      this.#chunks.shift();
      this.#dropped += 1;
    }
  }

  /** Changes the state of an entry; what else changes with it is changed before, or after leaving `done`. */
  move(entry: Entry, state: DeliveryState): void {
    const chunk = this.#chunkOf(entry);
    this.#count(chunk, entry, -1);
    entry.state = state;
    this.#count(chunk, entry, 1);
  }

  /** Those that fit, the newest first, in slices that are looked through without a pause. */
  *newest(filter: ListFilter, below: number): Generator<readonly Entry[]> {
    const { type } = filter;
    const bit = type === undefined ? undefined : this.#knownBitOf(type);
    for (let index = this.#lastBelow(below); index >= this.#dropped; index -= 1) {
      const chunk = this.#chunks[index - this.#dropped];
      if (chunk?.mayHold(filter, bit) !== true) continue;
      yield chunk.entries
        .filter((entry) => entry !== undefined)
        .filter((entry) => entry.sequence < below && matches(entry, filter))
        .toReversed();
    }
  }

  /** Up to `limit` that have been done since `before` or longer, the oldest recorded first. */
  doneBefore(before: number, limit: number): Entry[] {
    const found: Entry[] = [];
    for (const chunk of this.#chunks) {
      if (found.length >= limit) break;
      if (chunk.counts.done === 0 || chunk.doneSince > before) continue;
      chunk.doneSince = Infinity;
      for (const entry of chunk.entries) {
        if (entry?.state !== 'done') continue;
        if (entry.at <= before && found.length < limit) found.push(entry);
        else chunk.doneSince = Math.min(chunk.doneSince, entry.at);
      }
    }
    return found;
  }

  #count(chunk: Chunk, { state, unhandled, at }: Entry, by: 1 | -1): void {
    chunk.counts[state] += by;
    this.counts[state] += by;
    if (state !== 'done') return;
    chunk.doneSince = Math.min(chunk.doneSince, at);
    if (!unhandled) return;
    chunk.counts.unhandled += by;
    this.counts.unhandled += by;
  }

  #chunkOf({ sequence }: Entry): Chunk {
    const index = Math.floor(sequence / CHUNK) - this.#dropped;
    let chunk = this.#chunks[index];
    while (chunk === undefined) {
      this.#chunks.push(new Chunk());
      chunk = this.#chunks[index];
    }
    return chunk;
  }

  #lastBelow(below: number): number {
    return Math.min(Math.floor(below / CHUNK), this.#dropped + this.#chunks.length - 1);
  }

  /** Types come from the sender: only so many are told apart. */
  #bitOf(type: string): number {
    const known = this.#typeBits.get(type);
    if (known !== undefined || this.#typeBits.size >= MOST_TYPES) return known ?? ALL_BITS;
    const bit = 1 << (this.#typeBits.size % 31);
    this.#typeBits.set(type, bit);
    return bit;
  }

  #knownBitOf(type: string): number {
    return this.#typeBits.get(type) ?? (this.#typeBits.size >= MOST_TYPES ? ALL_BITS : 0);
  }
}

const MOST_TYPES = 1_000;
const ALL_BITS = -1;

function noCounts(): Counts {
  return { due: 0, running: 0, done: 0, dead: 0, unhandled: 0 };
}

function matches(entry: Entry, { state, type, subject, unhandled }: ListFilter): boolean {
  return (
    (unhandled !== true || (entry.state === 'done' && entry.unhandled)) &&
    (state === undefined || entry.state === state) &&
    (type === undefined || entry.delivery.type === type) &&
    (subject === undefined || entry.delivery.subject === subject)
  );
}
