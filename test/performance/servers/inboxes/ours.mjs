// The kit on node:http, on the store that its only argument names.
import { toNodeHandler } from '@qbitflow/core';
import { createServer } from 'node:http';
import { listen } from '../shared/listen.mjs';
import { openStore } from '../shared/open-store.mjs';
import { handledCount, startKit } from '../shared/ours.mjs';

const kit = await startKit(await openStore(process.argv[2]));

listen(createServer(toNodeHandler(kit)), handledCount);
