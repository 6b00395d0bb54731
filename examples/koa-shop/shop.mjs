// A shop with one product. What it sells and for how much is decided here, never by the browser.
import { randomUUID } from 'node:crypto';
import { Router } from '@koa/router';
import { createQBitFlow } from '@qbitflow/core';
import { qbitflowRouter } from '@qbitflow/koa';
import { openSession, shopPage } from '@qbitflow-example/shop-demo';
import Koa from 'koa';

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

  const router = new Router();
  router.use('/qbitflow', qbitflowRouter(qbitflow).routes());
  router.get('/', (ctx) => {
    ctx.body = shopPage({ title: 'Koa shop', orders: [...orders.values()] });
  });
  router.post('/buy', async (ctx) => {
    const order = { reference: randomUUID(), product: 'Tea', price: 4.5, fulfilled: 0 };
    orders.set(order.reference, order);
    log(`shop      order ${order.reference} placed, opening a checkout session`);
    const session = await openSession({ ...options, url: `${url()}/qbitflow`, order });
    ctx.status = 303;
    ctx.redirect(session.link);
  });

  return { listener: new Koa().use(router.routes()).callback(), qbitflow, orders };
}
