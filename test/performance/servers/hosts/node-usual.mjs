// The whole job the usual way on node:http.
import { createServer } from 'node:http';
import { listen } from '../shared/listen.mjs';
import { nodeRoute } from '../shared/node-route.mjs';
import { accept, handledCount } from '../shared/usual-job.mjs';

listen(createServer(nodeRoute(accept)), handledCount);
