import { type Entry, forgetBody } from './memory-entry.js';
import { KeyMap } from './memory-keys.js';
import { createFifo } from './memory-queue.js';

/**
 * All entries by key: every one that is not done, and at least the last `maxDone / 2` done ones. Generations take turns;
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
}

/** So many entries of a generation that goes are looked at for each one that is done: none waits for all of them. */
const PER_DONE = 16;

/** An empty memory; `onForget` is called with every done entry that it lets go. */
export function createEntryMemory(maxDone: number, onForget: (entry: Entry) => void): EntryMemory {
  const limit = Math.max(1, Math.floor(maxDone / 2));
  let recent = new KeyMap<Entry>();
  let older = new KeyMap<Entry>();
  /** The generation that goes, and those of it that were not looked at yet. */
  let leaving: KeyMap<Entry> | undefined;
  let left: Iterator<Entry> | undefined;
  let doneSinceTurn = 0;

  function turn(): void {
    letGo(Infinity);
    leaving = older;
    left = leaving.values();
    older = recent;
    recent = new KeyMap();
    doneSinceTurn = 0;
  }

  function letGo(most: number): void {
    for (let count = 0; left !== undefined && count < most; count += 1) {
      const { done, value: entry } = left.next();
      if (done === true) {
        leaving = undefined;
        left = undefined;
        return;
      }
      if (entry.isForgotten) continue;
      if (entry.state === 'done') forget(entry);
      else recent.set(entry.delivery.key, entry);
    }
  }

  function forget(entry: Entry): void {
    entry.isForgotten = true;
    onForget(entry);
  }

  return {
    get(key) {
      const entry = recent.get(key) ?? older.get(key) ?? leaving?.get(key);
      return entry?.isForgotten === true ? undefined : entry;
    },
    add(entry) {
      recent.set(entry.delivery.key, entry);
    },
    done() {
      doneSinceTurn += 1;
      if (doneSinceTurn >= limit) turn();
      letGo(PER_DONE);
    },
    delete(entry) {
      entry.isForgotten = true;
      for (const generation of [recent, older, leaving]) generation?.delete(entry.delivery.key);
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
