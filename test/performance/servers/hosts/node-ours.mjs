// The kit on node:http.
import { toNodeHandler } from '@qbitflow/core';
import { createServer } from 'node:http';
import { listen } from '../shared/listen.mjs';
import { handledCount, qbitflow } from '../shared/ours-in-memory.mjs';

listen(createServer(toNodeHandler(qbitflow)), handledCount);
