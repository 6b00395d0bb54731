import { Router } from '@koa/router';
import type { Context } from 'koa';
import { paramOf } from '../api/query.js';
import { redeliver } from '../delivery/redeliver.js';
import type { Machine } from '../machine.js';
import { customerActionNames, customerActions } from './customer-actions.js';
import { rotateSecret } from './rotate-secret.js';

/** What tests and people drive the sandbox with, under `/sandbox`. It needs no key: it is not part of QBitFlow. */
export function controlRouter(machine: Machine): Router {
  const router = new Router({ prefix: '/sandbox' });
  for (const action of customerActionNames)
    router.post(`/sessions/:uuid/${action}`, (context) => {
      context.body = customerActions[action](machine, paramOf(context, 'uuid'));
    });
  router.get('/sessions', (context) => {
    context.body = { items: machine.sessions.list() };
  });
  router.get('/deliveries', (context) => {
    context.body = { items: machine.deliveries.list() };
  });
  router.post('/events/:id/redeliver', async (context) => {
    const delivery = redeliver(machine, paramOf(context, 'id'));
    if (wantsPage(context)) sendHome(context, delivery, machine);
    else context.body = await delivery;
  });
  router.post('/secret/rotate', (context) => {
    context.body = { secret: rotateSecret(machine) };
  });
  return router;
}

function wantsPage(context: Context): boolean {
  return context.accepts('json', 'html') === 'html';
}

/** A browser's button does not wait for the merchant's answer: the index page shows it when it is there. */
function sendHome(context: Context, delivery: Promise<unknown>, { settings }: Machine): void {
  delivery.catch((error: unknown) => {
    settings.logger.warn({ error }, 'not redelivered');
  });
  context.status = 303;
  context.set('Location', '/');
}
