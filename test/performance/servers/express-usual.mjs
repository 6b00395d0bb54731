// The whole job the usual way on Express 5: express.raw, HMAC, JSON.parse, a zod union, dedupe in memory, 200,
// the handler afterwards. Nothing survives a crash, nothing is retried.
import express from 'express';
import { createServer } from 'node:http';
import { listen } from './shared/listen.mjs';
import { WebhookEvent } from './shared/usual-schema.mjs';
import { isGenuine } from './shared/verify-by-hand.mjs';

const seen = new Set();
let handled = 0;

async function handle(event) {
  if (event.type === 'payment.completed' && event.data.uuid !== '') handled += 1;
}

const app = express();
app.post('/webhook', express.raw({ type: '*/*', limit: '1mb' }), (req, res) => {
  if (!isGenuine(req.headers['qbitflow-signature'], req.body)) {
    res.status(401).json({ error: 'invalid signature' });
    return;
  }
  const event = WebhookEvent.parse(JSON.parse(req.body.toString('utf8')));
  const duplicate = seen.has(event.id);
  seen.add(event.id);
  res.json(duplicate ? { received: true, duplicate } : { received: true });
  if (!duplicate) setImmediate(() => void handle(event));
});

listen(createServer(app), () => handled);
