// The kit in front of an Express 5 app: the webhook never enters the framework, everything else does.
import { withWebhook } from '@qbitflow/core';
import express from 'express';
import { createServer } from 'node:http';
import { listen } from './shared/listen.mjs';
import { handledCount, qbitflow } from './shared/ours.mjs';

const app = express();
app.get('/', (_req, res) => {
  res.send('shop');
});

listen(createServer(withWebhook(app, qbitflow, { path: '/webhook' })), handledCount);
