// The kit on node:http, on the store that its only argument names; it remembers when each handler succeeded.
import { toNodeHandler } from '@qbitflow/core';
import { createServer } from 'node:http';
import { listen } from '../shared/listen.mjs';
import { openStore } from '../shared/open-store.mjs';
import { handledCount, startKit } from '../shared/ours.mjs';

let successes = [];
const note = ({ id }) => void successes.push([id, Number(process.hrtime.bigint())]);
const kit = await startKit(await openStore(process.argv[2]), note);

const answers = {
  /** `[event id, ns]` of each success since it was last asked. */
  successes() {
    const told = successes;
    successes = [];
    return told;
  },
};

listen(createServer(toNodeHandler(kit)), handledCount, answers);
