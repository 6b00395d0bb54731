/** First in, first out. */
export interface Line<Item> {
  push(item: Item): void;
  /** The first, left where it is. */
  peek(): Item | undefined;
  /** Removes and returns the first. */
  shift(): Item | undefined;
  /** Keeps only what fits. */
  retain(fits: (item: Item) => boolean): void;
}

/** An empty line. */
export function createLine<Item>(): Line<Item> {
  let items: Item[] = [];
  let head = 0;
  return {
    push(item) {
      items.push(item);
    },
    peek: () => items[head],
    shift() {
      const item = items[head];
      if (item === undefined) return undefined;
      head += 1;
      // Array.shift moves every element; a head that is cut off now and then does not.
      if (head > 1_024 && head * 2 > items.length) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
    retain(fits) {
      items = items.slice(head).filter(fits);
      head = 0;
    },
  };
}
