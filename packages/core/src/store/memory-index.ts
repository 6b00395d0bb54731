import type { KeptEntry } from './memory-done.js';
import type { Entry } from './memory-entry.js';
import { KeyMap } from './memory-keys.js';

/**
 * All entries by key: every one that is not done, and at least the last `maxDone / 2` done ones. Generations take turns;
 * what is not done moves along. Nothing is deleted one by one on the hot path: evicting a map's oldest key is ten
 * times slower under load, and a map that shrinks and grows all the time leaves its old tables to the garbage
 * collector, each holding on to the next.
 */
export interface EntryMemory {
  get(key: string): KeptEntry | undefined;
  add(entry: KeptEntry): void;
  /** One more entry is done. */
  done(): void;
  /** Of the same key. */
  replace(before: KeptEntry, after: KeptEntry): void;
  delete(entry: KeptEntry): void;
}

/** So many entries of a generation that goes are looked at for each one that is done: none waits for all of them. */
const PER_DONE = 16;

/** An empty memory; `onForget` is called with every done entry that it lets go. */
export function createEntryMemory(
  maxDone: number,
  onForget: (entry: KeptEntry) => void,
): EntryMemory {
  const limit = Math.max(1, Math.floor(maxDone / 2));
  let recent = new KeyMap<KeptEntry>();
  let older = new KeyMap<KeptEntry>();
  /** The generation that goes, and those of it that were not looked at yet. */
  let leaving: KeyMap<KeptEntry> | undefined;
  let left: Iterator<KeptEntry> | undefined;
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
      else recent.set(entry.key, entry);
    }
  }

  function forget(entry: KeptEntry): void {
    entry.isForgotten = true;
    onForget(entry);
  }

  return {
    get(key) {
      const entry = recent.get(key) ?? older.get(key) ?? leaving?.get(key);
      return entry?.isForgotten === true ? undefined : entry;
    },
    add(entry) {
      recent.set(entry.key, entry);
    },
    done() {
      doneSinceTurn += 1;
      if (doneSinceTurn >= limit) turn();
      letGo(PER_DONE);
    },
    replace(before, after) {
      const { key } = before;
      [recent, older, leaving].find((one) => one?.get(key) === before)?.set(key, after);
    },
    delete(entry) {
      entry.isForgotten = true;
      for (const generation of [recent, older, leaving]) generation?.delete(entry.key);
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
