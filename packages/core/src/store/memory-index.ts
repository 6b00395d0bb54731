import { type Entry, forgetBody } from './memory-entry.js';
import { createFifo } from './memory-queue.js';

/**
 * All entries by key: every one that is not done, and at least the last `maxDone / 2` done ones. Two maps take turns;
 * what is not done moves along. Nothing is deleted one by one on the hot path: evicting a map's oldest key is ten
 * times slower under load, and a map that shrinks and grows all the time leaves its old tables to the garbage
 * collector, each holding on to the next.
 */
export interface EntryMemory {
  get(key: string): Entry | undefined;
  add(entry: Entry): void;
  /** One more entry is done. */
  done(): void;
  delete(entry: Entry): void;
  entries(): Iterable<Entry>;
}

/** An empty memory; `onForget` is called with every done entry that it lets go. */
export function createEntryMemory(maxDone: number, onForget: (entry: Entry) => void): EntryMemory {
  const limit = Math.max(1, Math.floor(maxDone / 2));
  let recent = new Map<string, Entry>();
  let older = new Map<string, Entry>();
  let doneSinceTurn = 0;

  function turn(): void {
    const next = new Map<string, Entry>();
    for (const [key, entry] of older)
      if (entry.state === 'done') onForget(entry);
      else next.set(key, entry);
    for (const [key, entry] of recent)
      if (entry.state !== 'done') {
        next.set(key, entry);
        recent.delete(key);
      }
    older = recent;
    recent = next;
    doneSinceTurn = 0;
  }

  return {
    get: (key) => recent.get(key) ?? older.get(key),
    add(entry) {
      recent.set(entry.delivery.key, entry);
    },
    done() {
      doneSinceTurn += 1;
      if (doneSinceTurn >= limit) turn();
    },
    delete({ delivery: { key } }) {
      recent.delete(key);
      older.delete(key);
    },
    *entries() {
      yield* recent.values();
      yield* older.values();
    },
  };
}

/** Keys of deliveries whose bodies are gone, and when each was done or discarded (ms since 1970). Bounded. */
export interface Tombstones {
  has(key: string): boolean;
  add(key: string, at: number): void;
  /** Forgets up to `limit` keys of before `before`; resolves with how many. */
  forget(before: number, limit: number): number;
  /** When the newest of the keys that were forgotten was done or discarded; -Infinity while none was. */
  readonly forgottenUntil: number;
}

/** No keys yet. At most `maxKeys` are remembered, at least half of them: two maps take turns, see {@link createEntryMemory}. */
export function createTombstones(maxKeys: number): Tombstones {
  const limit = Math.max(1, Math.floor(maxKeys / 2));
  let recent = new Map<string, number>();
  let older = new Map<string, number>();
  let forgottenUntil = -Infinity;

  function turn(): void {
    for (const at of older.values()) forgottenUntil = Math.max(forgottenUntil, at);
    older = recent;
    recent = new Map();
  }

  return {
    has: (key) => recent.has(key) || older.has(key),
    add(key, at) {
      recent.set(key, at);
      if (recent.size >= limit) turn();
    },
    forget(before, most) {
      let forgotten = 0;
      for (const keys of [older, recent])
        for (const [key, at] of keys) {
          if (forgotten >= most) return forgotten;
          if (at > before) continue;
          keys.delete(key);
          forgottenUntil = Math.max(forgottenUntil, at);
          forgotten += 1;
        }
      return forgotten;
    },
    get forgottenUntil() {
      return forgottenUntil;
    },
  };
}

/** The entries that are being worked on, coming and going all the time. */
export interface RunningEntries {
  /** Adds an entry, or notes that its lease is another one now. */
  add(entry: Entry): void;
  delete(entry: Entry): void;
  /** Those whose lease has lapsed, in the order they were taken. */
  lapsed(now: number): readonly Entry[];
}

/** Nothing runs. The entries are linked to each other: a Set of what comes and goes would be rebuilt forever. */
export function createRunningEntries(): RunningEntries {
  let first: Entry | undefined;
  let last: Entry | undefined;
  /** No lease ends before. */
  let earliest = Infinity;

  function remove(entry: Entry): void {
    const { before, behind } = entry;
    if (before === undefined && first !== entry) return;
    if (before === undefined) first = behind;
    else before.behind = behind;
    if (behind === undefined) last = before;
    else behind.before = before;
    entry.before = undefined;
    entry.behind = undefined;
  }

  return {
    add(entry) {
      earliest = Math.min(earliest, entry.at);
      // What is taken again keeps its place.
      if (entry.before !== undefined || first === entry) return;
      entry.before = last;
      if (last === undefined) first = entry;
      else last.behind = entry;
      last = entry;
    },
    delete: remove,
    lapsed(now) {
      const found: Entry[] = [];
      if (now < earliest) return found;
      earliest = Infinity;
      for (let entry = first; entry !== undefined; entry = entry.behind) {
        earliest = Math.min(earliest, entry.at);
        if (entry.at <= now) found.push(entry);
      }
      return found;
    },
  };
}

/** The bodies of what is done, kept for operators who replay it: the newest ones, as many as fit. */
export interface DoneBodies {
  add(entry: Entry): void;
}

/** Keeps at most `maxBytes` of bodies; older ones go first. */
export function createDoneBodies(maxBytes: number): DoneBodies {
  const line = createFifo<{ readonly entry: Entry; readonly raw: Uint8Array }>();
  let bytes = 0;
  return {
    add(entry) {
      const { raw } = entry.delivery;
      if (raw.length > maxBytes) {
        forgetBody(entry);
        return;
      }
      line.push({ entry, raw });
      bytes += raw.length;
      while (bytes > maxBytes) {
        const oldest = line.shift();
        if (oldest === undefined) return;
        bytes -= oldest.raw.length;
        // One that was replayed meanwhile needs its body; it comes here again when it is done again.
        if (oldest.entry.state === 'done' && oldest.entry.delivery.raw === oldest.raw)
          forgetBody(oldest.entry);
      }
    },
  };
}
