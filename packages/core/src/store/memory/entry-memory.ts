import type { Entry } from './entry.js';

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

/** An empty memory; `onForget` is told of every done entry that it lets go. */
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
