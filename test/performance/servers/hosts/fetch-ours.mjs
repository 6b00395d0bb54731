// The kit as a handler of the fetch API.
import { toFetchHandler } from '@qbitflow/core';
import { listen } from '../shared/listen.mjs';
import { handledCount, qbitflow } from '../shared/ours-in-memory.mjs';
import { fetchServer } from '../shared/serve-fetch.mjs';

listen(fetchServer(toFetchHandler(qbitflow)), handledCount);
