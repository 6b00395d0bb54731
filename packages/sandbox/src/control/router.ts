import { Router } from '@koa/router';
import type { Context } from 'koa';
import { paramOf } from '../api/query.js';
import { readJson } from '../api/read-json.js';
import { redeliver } from '../delivery/redeliver.js';
import type { Machine } from '../machine.js';
import { changeSettings, settingsOf } from './change-settings.js';
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
  router.get('/events', (context) => {
    context.body = { items: machine.events.list() };
  });
  router.get('/requests', (context) => {
    context.body = { items: machine.requests.list() };
  });
  router.get('/settings', (context) => {
    context.body = settingsOf(machine);
  });
  router.post('/settings', async (context) => {
    changeSettings(machine, await readJson(context));
    context.body = settingsOf(machine);
  });
  router.post('/events/:id/redeliver', async (context) => {
    const delivery = redeliver(machine, paramOf(context, 'id'));
    if (!wantsPage(context)) {
      context.body = await delivery;
      return;
    }
    // A browser's button does not wait for the merchant's answer: the index page shows it when it is there.
    delivery.catch((error: unknown) => {
      machine.settings.logger.warn({ error }, 'not redelivered');
    });
    goHome(context);
  });
  router.post('/secret/rotate', (context) => {
    const secret = rotateSecret(machine);
    if (wantsPage(context)) goHome(context);
    else context.body = { secret };
  });
  return router;
}

function wantsPage(context: Context): boolean {
  return context.accepts('json', 'html') === 'html';
}

function goHome(context: Context): void {
  context.status = 303;
  context.set('Location', '/');
}
