import type { Entry } from './entry.js';

/** First in, first out. */
export interface Line {
  push(entry: Entry): void;
  /** The first of those that are still due, left where it is. */
  peek(): Entry | undefined;
  /** Removes the first. */
  shift(): void;
}

/** An empty line. */
export function createLine(): Line {
  let entries: Entry[] = [];
  let head = 0;

  function shift(): void {
    head += 1;
    // Array.shift moves every element; a head that is cut off now and then does not.
    if (head > 1_024 && head * 2 > entries.length) {
      entries = entries.slice(head);
      head = 0;
    }
  }

  return {
    push(entry) {
      entries.push(entry);
    },
    peek() {
      let entry = entries[head];
      while (entry !== undefined && entry.state !== 'due') {
        shift();
        entry = entries[head];
      }
      return entry;
    },
    shift,
  };
}
