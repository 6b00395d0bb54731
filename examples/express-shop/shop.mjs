// A shop with one product. What it sells and for how much is decided here, never by the browser.
import { randomUUID } from 'node:crypto';
import { createQBitFlow } from '@qbitflow/core';
import { qbitflowRouter } from '@qbitflow/express';
import { openSession, shopPage } from '@qbitflow-example/shop-demo';
import express from 'express';

export function createShop({ url, log = console.log, ...options }) {
  const orders = new Map();
  const qbitflow = createQBitFlow(options);

  // The one place where an order is fulfilled: once, whatever is delivered how often.
  qbitflow.on('payment.completed', (event) => {
    const order = orders.get(event.data.reference);
    if (order === undefined) return;
    order.fulfilled += 1;
    log(`shop      order ${order.reference} is paid: shipping the ${order.product}`);
  });

  const app = express();
  app.use('/qbitflow', qbitflowRouter(qbitflow));
  app.get('/', (_request, response) => {
    response.send(shopPage({ title: 'Express shop', orders: [...orders.values()] }));
  });
  app.post('/buy', async (_request, response) => {
    const order = { reference: randomUUID(), product: 'Tea', price: 4.5, fulfilled: 0 };
    orders.set(order.reference, order);
    log(`shop      order ${order.reference} placed, opening a checkout session`);
    const session = await openSession({ ...options, url: `${url()}/qbitflow`, order });
    response.redirect(303, session.link);
  });

  return { listener: app, qbitflow, orders };
}
