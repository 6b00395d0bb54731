import type { Entry } from './entry.js';

/**
 * Remembers done entries, at least the last `limit / 2` and at most `limit` of them. Two maps take turns: evicting
 * one map's oldest key on every insert costs ten times as much under load.
 */
export interface DoneMemory {
  readonly size: number;
  add(key: string, entry: Entry): void;
  get(key: string): Entry | undefined;
  delete(key: string): void;
  entries(): Iterable<Entry>;
}

/** An empty memory of up to `limit` entries. */
export function createDoneMemory(limit: number): DoneMemory {
  let recent = new Map<string, Entry>();
  let older = new Map<string, Entry>();
  return {
    get size() {
      return recent.size + older.size;
    },
    add(key, entry) {
      if (recent.size >= limit / 2) {
        older = recent;
        recent = new Map();
      }
      recent.set(key, entry);
    },
    get: (key) => recent.get(key) ?? older.get(key),
    delete(key) {
      recent.delete(key);
      older.delete(key);
    },
    *entries() {
      yield* recent.values();
      yield* older.values();
    },
  };
}
