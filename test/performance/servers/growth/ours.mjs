// A shop that has been open for long: the kit on node:http, on the store that its only argument names, with as much in
// it as it is told to put there.
import { toNodeHandler } from '@qbitflow/core';
import { createServer } from 'node:http';
import { listen } from '../shared/listen.mjs';
import { openStore } from '../shared/open-store.mjs';
import { handledCount, startKit } from '../shared/ours.mjs';
import { fillDone, fillDue, workOff } from './fill.mjs';
import { callTimes, pruneAll } from './times.mjs';

/** Bounds above all that is put in: a store that turns deliveries away is not measured. */
const MEMORY = { maxOpen: 500_000, maxOpenBytes: 2 ** 30, maxKeys: 2_000_000 };

const store = await openStore(process.argv[2], { memory: MEMORY });
const kit = await startKit(store);

function heapBytes() {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const answers = {
  done: async (count) => ({ done: await fillDone(store, count) }),
  due: async (count) => ({ due: await fillDue(store, count, 'growth.waiting') }),
  /** Works off all that waits. */
  async drain() {
    for (const type of ['growth.waiting', 'growth.taken']) await workOff(store, type);
    return {};
  },
  times: () => callTimes(store),
  prune: () => pruneAll(store),
  heap: () => ({ bytes: heapBytes() }),
};

listen(createServer(toNodeHandler(kit)), handledCount, answers);
