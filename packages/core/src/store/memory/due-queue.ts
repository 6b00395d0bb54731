import type { Entry } from './entry.js';
import { createLine } from './line.js';

/**
 * Due entries, oldest first: a line of those that were due when they came, a bag of retries that wait for their time,
 * and a line of retries whose time has come. An entry that left the `due` state elsewhere is passed over.
 */
export interface DueQueue {
  add(entry: Entry, now: number): void;
  /** Removes and returns the next entry that is due, or `undefined`. */
  next(now: number): Entry | undefined;
}

/** An empty queue. */
export function createDueQueue(): DueQueue {
  const fresh = createLine();
  const ripe = createLine();
  let waiting: Entry[] = [];
  let earliest = Infinity;

  function ripen(now: number): void {
    const ready = waiting.filter((entry) => entry.at <= now).toSorted((a, b) => a.at - b.at);
    waiting = waiting.filter((entry) => entry.at > now);
    earliest = waiting.reduce((least, entry) => Math.min(least, entry.at), Infinity);
    for (const entry of ready) ripe.push(entry);
  }

  return {
    add(entry, now) {
      if (entry.at <= now) {
        fresh.push(entry);
      } else {
        waiting.push(entry);
        earliest = Math.min(earliest, entry.at);
      }
    },
    next(now) {
      if (earliest <= now) ripen(now);
      const [first, retry] = [fresh.peek(), ripe.peek()];
      const line = isBefore(retry, first) ? ripe : fresh;
      const entry = line.peek();
      if (entry !== undefined) line.shift();
      return entry;
    },
  };
}

function isBefore(one: Entry | undefined, other: Entry | undefined): boolean {
  return one !== undefined && (other === undefined || one.at < other.at);
}
