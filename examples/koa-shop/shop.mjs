// A shop with one product. What it sells and for how much is decided here, never by the browser.
import { randomUUID } from 'node:crypto';
import { Router } from '@koa/router';
import { createQBitFlow } from '@qbitflow/core';
import { checkoutHandler, qbitflowRouter } from '@qbitflow/koa';
import { sqliteStore } from '@qbitflow/store-sqlite';
import { shopPage } from '@qbitflow-example/shop-demo';
import Koa from 'koa';

// `store` is the inbox: what was answered 200 is in this file, and a restart goes on with it.
export function createShop({ url, log = console.log, store = sqliteStore('shop.db'), ...options }) {
  const orders = new Map(); // in memory, for the example's sake
  const qbitflow = createQBitFlow({ ...options, store, publicUrl: `${url}/qbitflow` });

  // The one place where an order is fulfilled: once, whatever is delivered how often.
  qbitflow.on('payment.completed', (event) => {
    const order = orders.get(event.data.reference);
    if (order === undefined) return;
    order.fulfilled += 1;
    log(`shop      order ${order.reference} is paid: shipping the ${order.product}`);
  });

  // Called by the button: what is bought and what it costs comes from here, the customer only pressed it.
  function placeOrder() {
    const order = { reference: randomUUID(), product: 'Tea', price: 4.5, fulfilled: 0 };
    orders.set(order.reference, order);
    log(`shop      order ${order.reference} placed, opening a checkout session`);
    const { reference, product: productName, price } = order;
    return { reference, productName, price, description: `One packet of ${productName}` };
  }

  const router = new Router();
  router.use('/qbitflow', qbitflowRouter(qbitflow).routes());
  router.get('/', (ctx) => {
    ctx.body = shopPage({ title: 'Koa shop', orders: [...orders.values()] });
  });
  router.post('/buy', checkoutHandler(qbitflow, placeOrder));

  return { listener: new Koa().use(router.routes()).callback(), qbitflow, orders };
}
