// The kit mounted as a route of an Express 4 or 5 app.
import { webhookHandler } from '@qbitflow/express';
import { createServer } from 'node:http';
import { framework as express } from '../shared/framework.mjs';
import { listen } from '../shared/listen.mjs';
import { handledCount, qbitflow } from '../shared/ours-in-memory.mjs';

const app = express();
app.post('/webhook', webhookHandler(qbitflow));

listen(createServer(app), handledCount);
