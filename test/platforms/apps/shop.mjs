// The same small shop on every platform: what a merchant writes, and nothing of the platform's.
import { createQBitFlow, toFetchHandler } from '@qbitflow/core';

/** The payments that the shop's handler saw. */
export const shipped = [];

/** A kit with one handler. `options` is what the platform must add. */
export function createShop(options) {
  const qbitflow = createQBitFlow({ ...options, mode: 'both' });
  qbitflow.on('payment.completed', async (event) => {
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
    shipped.push(event.data.uuid);
  });
  return qbitflow;
}

/** The shop's routes: the kit's below `/qbitflow`, and one to see what was shipped. */
export function routesOf(qbitflow) {
  const handle = toFetchHandler(qbitflow, { basePath: '/qbitflow' });
  return async (request) =>
    new URL(request.url).pathname === '/shipped' ? Response.json(shipped) : handle(request);
}
