/** Items that wait, each for a client; clients take turns, so that none waits for all that another one asked. */
export interface FairQueue<Item> {
  /** `ahead`: before whatever its client has waiting that is not ahead too. */
  push(client: string, item: Item, ahead: boolean): void;
  /** The next one: the oldest item of the client whose turn it is. */
  shift(): Item | undefined;
  /** Takes an item out again; whether it was there. */
  remove(client: string, item: Item): boolean;
  /** Takes out the newest item of the client that has most waiting: whoever asks for most is who is turned away. */
  dropFromLongest(): Item | undefined;
  /** Items waiting. */
  readonly size: number;
}

interface Lines<Item> {
  readonly ahead: Item[];
  readonly behind: Item[];
}

/** An empty queue. */
export function createFairQueue<Item>(): FairQueue<Item> {
  /** In the order of their turns. */
  const clients = new Map<string, Lines<Item>>();
  let size = 0;

  function taken(client: string, { ahead, behind }: Lines<Item>): void {
    size -= 1;
    if (ahead.length + behind.length === 0) clients.delete(client);
  }

  return {
    push(client, item, isAhead) {
      let lines = clients.get(client);
      if (lines === undefined) clients.set(client, (lines = { ahead: [], behind: [] }));
      (isAhead ? lines.ahead : lines.behind).push(item);
      size += 1;
    },
    shift() {
      for (const [client, lines] of clients) {
        const item = lines.ahead.shift() ?? lines.behind.shift();
        clients.delete(client);
        clients.set(client, lines);
        taken(client, lines);
        return item;
      }
      return undefined;
    },
    remove(client, item) {
      const lines = clients.get(client);
      const line = [lines?.ahead, lines?.behind].find((some) => some?.includes(item) === true);
      if (lines === undefined || line === undefined) return false;
      line.splice(line.indexOf(item), 1);
      taken(client, lines);
      return true;
    },
    dropFromLongest() {
      let longest: [string, Lines<Item>] | undefined;
      for (const entry of clients)
        if (longest === undefined || lengthOf(entry[1]) > lengthOf(longest[1])) longest = entry;
      if (longest === undefined) return undefined;
      const [client, lines] = longest;
      const item = lines.behind.pop() ?? lines.ahead.pop();
      taken(client, lines);
      return item;
    },
    get size() {
      return size;
    },
  };
}

function lengthOf<Item>({ ahead, behind }: Lines<Item>): number {
  return ahead.length + behind.length;
}
