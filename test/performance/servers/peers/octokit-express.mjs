// @octokit/webhooks as middleware of an Express 5 app, as its README mounts it.
import { Webhooks, createNodeMiddleware } from '@octokit/webhooks';
import express from 'express';
import { createServer } from 'node:http';
import { listen } from '../shared/listen.mjs';

let handled = 0;
const webhooks = new Webhooks({
  secret: process.env.QBITFLOW_WEBHOOK_SECRET,
  log: { debug() {}, info() {}, warn() {}, error() {} },
});
webhooks.on('issues.opened', async ({ payload }) => {
  if (payload.data.uuid !== '') handled += 1;
});
const app = express();
app.use(createNodeMiddleware(webhooks, { path: '/webhook' }));

listen(createServer(app), () => handled);
