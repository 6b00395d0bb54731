// stripe-node in an Express 5 route, as its documentation has it.
import express from 'express';
import { createServer } from 'node:http';
import { Stripe } from 'stripe';
import { listen } from '../shared/listen.mjs';

let handled = 0;
const stripe = new Stripe('sk_test_benchmark');
const secret = process.env.QBITFLOW_WEBHOOK_SECRET;
const app = express();
app.post('/webhook', express.raw({ type: 'application/json' }), (req, res) => {
  let event;
  try {
    event = stripe.webhooks.constructEvent(req.body, req.headers['stripe-signature'], secret);
  } catch (error) {
    res.status(400).send(`Webhook Error: ${error.message}`);
    return;
  }
  if (event.type === 'payment_intent.succeeded' && event.data.object.uuid !== '') handled += 1;
  res.json({ received: true });
});

listen(createServer(app), () => handled);
