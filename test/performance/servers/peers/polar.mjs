// The Polar SDK in an Express 5 route, as its README has it.
import { webhooks } from '@polar-sh/sdk/2026-10';
import express from 'express';
import { createServer } from 'node:http';
import { listen } from '../shared/listen.mjs';

let handled = 0;
const secret = process.env.QBITFLOW_WEBHOOK_SECRET;
const app = express();

async function receive(req, res) {
  try {
    const headers = {
      'webhook-id': req.header('webhook-id') ?? '',
      'webhook-timestamp': req.header('webhook-timestamp') ?? '',
      'webhook-signature': req.header('webhook-signature') ?? '',
    };
    const event = await webhooks.validateEvent(req.body, headers, secret);
    if (event.type === 'order.paid' && event.data.uuid !== '') handled += 1;
    res.status(200).json({ received: true });
  } catch (error) {
    if (error instanceof webhooks.PolarWebhookVerificationError) {
      res.status(403).json({ error: 'Invalid webhook signature' });
      return;
    }
    if (error instanceof webhooks.PolarWebhookError) {
      res.status(400).json({ error: 'Invalid webhook payload' });
      return;
    }
    throw error;
  }
}

// oxlint-disable-next-line oxc/no-async-endpoint-handlers -- as their README has it; Express 5 takes the rejection
app.post('/webhook', express.raw({ type: 'application/json' }), receive);

listen(createServer(app), () => handled);
