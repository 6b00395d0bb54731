// standardwebhooks in an Express 5 route: its verify() gives the parsed body.
import express from 'express';
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { listen } from '../shared/listen.mjs';

let handled = 0;
const webhook = new Webhook(process.env.QBITFLOW_WEBHOOK_SECRET);
const app = express();
app.post('/webhook', express.raw({ type: 'application/json' }), (req, res) => {
  let event;
  try {
    event = webhook.verify(req.body, req.headers);
  } catch {
    res.status(400).json({});
    return;
  }
  if (event.data.uuid !== '') handled += 1;
  res.json({});
});

listen(createServer(app), () => handled);
