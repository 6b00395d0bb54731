import { quickHash } from '../quick-hash.js';
import type { ReadFilter } from '../store-kit/list-filter.js';
import type { DeliveryState } from './durable-store.js';
import { type KeptEntry, namesOf } from './memory-done.js';
import type { Entry } from './memory-entry.js';

/** So many neighbours share one count, and are looked through one by one. */
const CHUNK = 1_024;

/** How many there are in each state; `unhandled` counts done ones that no handler has seen. */
export type Counts = Record<DeliveryState | 'unhandled', number>;

const NAME_BITS = 16_384;

/**
 * Which names were ever here, two bits a name: of those that were not, one in seventy seems to have been. Nothing until
 * there is one.
 */
class SeenNames {
  #bits: Uint8Array | undefined;

  add(hash: number): void {
    this.#bits ??= new Uint8Array(NAME_BITS / 8);
    set(this.#bits, hash % NAME_BITS);
    set(this.#bits, (hash >>> 16) % NAME_BITS);
  }

  mayHold(hash: number): boolean {
    return this.#isSet(hash % NAME_BITS) && this.#isSet((hash >>> 16) % NAME_BITS);
  }

  #isSet(bit: number): boolean {
    return ((this.#bits?.[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  }
}

function set(bits: Uint8Array, bit: number): void {
  bits[bit >> 3] = (bits[bit >> 3] ?? 0) | (1 << (bit & 7));
}

/** What is looked for; `failed`: those with an error alone. */
export type LogFilter = ReadFilter & { readonly failed?: boolean };

/** What is looked for, as chunks can tell whether they may have it. */
interface Wanted {
  readonly filter: LogFilter;
  readonly type: number | undefined;
  readonly subject: number | undefined;
  readonly reference: number | undefined;
}

/** Entries recorded one after the other. */
class Chunk {
  readonly entries: (KeptEntry | undefined)[] = [];
  readonly counts = noCounts();
  /** One bit a type, shared where there are many: whether one of it was ever here. */
  types = 0;
  readonly subjects = new SeenNames();
  readonly references = new SeenNames();
  /** Of each entry, so that what is kept as bytes is read only where it is most likely the one that is looked for. */
  readonly subjectHashes = new Uint32Array(CHUNK);
  readonly referenceHashes = new Uint32Array(CHUNK);
  size = 0;
  /** Whether one of them ever had an error. */
  hasFailed = false;
  /** When the first and the last of them were recorded: a clock may have been set back in between. */
  recordedFrom = Infinity;
  recordedTo = -Infinity;
  /** Nothing in it was done before. */
  doneSince = Infinity;

  mayHold({ filter, type, subject, reference }: Wanted): boolean {
    const { state, unhandled, failed } = filter;
    const { recordedFrom = -Infinity, recordedUntil = Infinity } = filter;
    return (
      this.size > 0 &&
      (failed !== true || this.hasFailed) &&
      (state === undefined || this.counts[state] > 0) &&
      (unhandled !== true || this.counts.unhandled > 0) &&
      this.recordedTo >= recordedFrom &&
      this.recordedFrom < recordedUntil &&
      (type === undefined || (this.types & type) !== 0) &&
      (subject === undefined || this.subjects.mayHold(subject)) &&
      (reference === undefined || this.references.mayHold(reference))
    );
  }

  /** Whether an entry of it may be about what is looked for. */
  mayBe({ sequence }: KeptEntry, { subject, reference }: Wanted): boolean {
    const place = sequence % CHUNK;
    return (
      (subject === undefined || this.subjectHashes[place] === subject) &&
      (reference === undefined || this.referenceHashes[place] === reference)
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
    const { type, subject, reference } = entry.delivery;
    const place = entry.sequence % CHUNK;
    const subjectHash = quickHash(subject);
    chunk.entries[place] = entry;
    chunk.types |= this.#bitOf(type);
    chunk.subjects.add(subjectHash);
    chunk.subjectHashes[place] = subjectHash;
    if (reference !== undefined) {
      const hash = quickHash(reference);
      chunk.references.add(hash);
      chunk.referenceHashes[place] = hash;
    }
    chunk.recordedFrom = Math.min(chunk.recordedFrom, entry.recordedAt);
    chunk.recordedTo = Math.max(chunk.recordedTo, entry.recordedAt);
    chunk.size += 1;
    chunk.hasFailed ||= entry.lastError !== undefined;
    this.#count(chunk, entry, 1);
  }

  /** Tells of an entry that its last attempt failed. */
  fail(entry: Entry, error: string): void {
    entry.lastError = error;
    this.#chunkOf(entry).hasFailed = true;
  }

  remove(entry: KeptEntry): void {
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

  /** Another form of the same entry. */
  replace(before: KeptEntry, after: KeptEntry): void {
    this.#chunkOf(before).entries[before.sequence % CHUNK] = after;
  }

  /** Changes the state of an entry; what else changes with it is changed before, or after leaving `done`. */
  move(entry: Entry, state: DeliveryState): void {
    const chunk = this.#chunkOf(entry);
    this.#count(chunk, entry, -1);
    entry.state = state;
    this.#count(chunk, entry, 1);
  }

  /** Those that fit, the newest first, in slices that are looked through without a pause. */
  *newest(filter: LogFilter, below: number): Generator<readonly KeptEntry[]> {
    const { type, subject, reference } = filter;
    const wanted: Wanted = {
      filter,
      type: type === undefined ? undefined : this.#knownBitOf(type),
      subject: subject === undefined ? undefined : quickHash(subject),
      reference: reference === undefined ? undefined : quickHash(reference),
    };
    for (let index = this.#lastBelow(below); index >= this.#dropped; index -= 1) {
      const chunk = this.#chunks[index - this.#dropped];
      if (chunk?.mayHold(wanted) !== true) continue;
      yield chunk.entries
        .filter((entry) => entry !== undefined)
        .filter((entry) => entry.sequence < below && chunk.mayBe(entry, wanted))
        .filter((entry) => matches(entry, filter))
        .toReversed();
    }
  }

  /** Up to `limit` that have been done since `before` or longer, the oldest recorded first. */
  doneBefore(before: number, limit: number): KeptEntry[] {
    const found: KeptEntry[] = [];
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

  #count(chunk: Chunk, { state, unhandled, at }: KeptEntry, by: 1 | -1): void {
    chunk.counts[state] += by;
    this.counts[state] += by;
    if (state !== 'done') return;
    chunk.doneSince = Math.min(chunk.doneSince, at);
    if (!unhandled) return;
    chunk.counts.unhandled += by;
    this.counts.unhandled += by;
  }

  #chunkOf({ sequence }: KeptEntry): Chunk {
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

function matches(entry: KeptEntry, filter: LogFilter): boolean {
  const { state, type, unhandled, failed } = filter;
  return (
    (failed !== true || entry.lastError !== undefined) &&
    (unhandled !== true || (entry.state === 'done' && entry.unhandled)) &&
    (state === undefined || entry.state === state) &&
    (type === undefined || entry.type === type) &&
    matchesWithin(entry, filter)
  );
}

/** Asked last: what is kept as bytes has to be read for it. */
function matchesWithin(kept: KeptEntry, filter: LogFilter): boolean {
  const { subject, reference, recordedFrom = -Infinity, recordedUntil = Infinity } = filter;
  const isTimed = recordedFrom > -Infinity || recordedUntil < Infinity;
  if (subject === undefined && reference === undefined && !isTimed) return true;
  const names = namesOf(kept);
  return (
    (subject === undefined || names.subject === subject) &&
    (reference === undefined || names.reference === reference) &&
    names.recordedAt >= recordedFrom &&
    names.recordedAt < recordedUntil
  );
}
