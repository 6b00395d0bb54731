// The kit in front of an Express 4 or 5 app: the webhook never enters the framework, everything else does.
import { withWebhook } from '@qbitflow/core';
import { createServer } from 'node:http';
import { framework as express } from '../shared/framework.mjs';
import { listen } from '../shared/listen.mjs';
import { handledCount, qbitflow } from '../shared/ours-in-memory.mjs';

const app = express();
app.get('/', (_req, res) => {
  res.send('shop');
});

listen(createServer(withWebhook(app, qbitflow, { path: '/webhook' })), handledCount);
