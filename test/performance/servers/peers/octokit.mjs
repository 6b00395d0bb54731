// @octokit/webhooks on node:http, as its README mounts it.
import { Webhooks, createNodeMiddleware } from '@octokit/webhooks';
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

const middleware = createNodeMiddleware(webhooks, { path: '/webhook' });

listen(
  createServer((request, response) => void middleware(request, response)),
  () => handled,
);
