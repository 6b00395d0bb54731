/** First in, first out. */
export interface Fifo<Item> {
  push(item: Item): void;
  /** The first, left where it is. */
  peek(): Item | undefined;
  /** Removes and returns the first. */
  shift(): Item | undefined;
  /** Removes and returns up to `limit` that fit. */
  remove(fits: (item: Item) => boolean, limit: number): readonly Item[];
}

/** An empty line. */
export function createFifo<Item>(): Fifo<Item> {
  let items: (Item | undefined)[] = [];
  let head = 0;
  return {
    push(item) {
      items.push(item);
    },
    peek: () => items[head],
    shift() {
      const item = items[head];
      if (item === undefined) return undefined;
      // What has left must not be held until the head is cut off: a thousand deliveries outlived each garbage collection.
      items[head] = undefined;
      head += 1;
      // Array.shift moves every element; a head that is cut off now and then does not.
      if (head > 1_024 && head * 2 > items.length) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
    remove(fits, limit) {
      const removed: Item[] = [];
      const kept: Item[] = [];
      let index = head;
      for (; index < items.length && removed.length < limit; index += 1) {
        const item = items[index];
        if (item !== undefined) (fits(item) ? removed : kept).push(item);
      }
      items = [...kept, ...items.slice(index)];
      head = 0;
      return removed;
    },
  };
}
