import type { Entry } from './entry.js';

/** The entries that are being worked on: few, coming and going all the time. */
export interface RunningEntries {
  add(entry: Entry): void;
  delete(entry: Entry): void;
  /** Those whose lease has lapsed, in the order they were taken. */
  lapsed(now: number): readonly Entry[];
}

/** Nothing runs. An array: a Set of such a few would be rebuilt for ever. */
export function createRunningEntries(): RunningEntries {
  const entries: Entry[] = [];
  return {
    add(entry) {
      if (!entries.includes(entry)) entries.push(entry);
    },
    delete(entry) {
      const index = entries.indexOf(entry);
      if (index !== -1) entries.splice(index, 1);
    },
    lapsed: (now) => entries.filter((entry) => entry.at <= now),
  };
}
