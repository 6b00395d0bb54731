import type { Entry } from './entry.js';

/**
 * Due entries, oldest first: a line of those due now, and a bag of retries that wait for their time.
 * An entry that left the `due` state elsewhere is passed over when its turn comes.
 */
export interface DueQueue {
  add(entry: Entry, now: number): void;
  /** Removes and returns the next entry that is due, or `undefined`. */
  next(now: number): Entry | undefined;
}

/** An empty queue. */
export function createDueQueue(): DueQueue {
  let line: Entry[] = [];
  let head = 0;
  let waiting: Entry[] = [];
  let earliest = Infinity;

  function promote(now: number): void {
    const ripe = waiting.filter((entry) => entry.at <= now).toSorted((a, b) => a.at - b.at);
    waiting = waiting.filter((entry) => entry.at > now);
    earliest = waiting.reduce((least, entry) => Math.min(least, entry.at), Infinity);
    line.push(...ripe);
  }

  function shift(): Entry | undefined {
    const entry = line[head];
    if (entry === undefined) return undefined;
    head += 1;
    // Array.shift moves every element; a head that is cut off now and then does not.
    if (head > 1_024 && head * 2 > line.length) {
      line = line.slice(head);
      head = 0;
    }
    return entry;
  }

  return {
    add(entry, now) {
      if (entry.at <= now) {
        line.push(entry);
      } else {
        waiting.push(entry);
        earliest = Math.min(earliest, entry.at);
      }
    },
    next(now) {
      if (earliest <= now) promote(now);
      let entry = shift();
      while (entry !== undefined && entry.state !== 'due') entry = shift();
      return entry;
    },
  };
}
