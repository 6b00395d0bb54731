import { Router } from '@koa/router';
import { expireSession } from '../../checkout/expire-session.js';
import { findSession } from '../../checkout/find-session.js';
import type { Machine } from '../../machine.js';
import { paymentV2 } from '../../wire/v2/payment.js';
import { statusV2 } from '../../wire/v2/status.js';
import { subscriptionV2 } from '../../wire/v2/subscription.js';
import { findPayment, findSubscription } from '../../checkout/find-transaction.js';
import { paramOf } from '../query.js';
import { requireApiKey } from '../require-api-key.js';
import { createSessionV2 } from './create-session.js';
import { getEvent, listEvents } from './events.js';
import { verifyV2 } from './verify.js';

/** v2's API, under `/v2`. */
export function routerV2(machine: Machine): Router {
  const router = new Router({ prefix: '/v2' });
  const sessions = '/transaction/session-checkout';
  router.use(requireApiKey(machine.settings.apiKey));
  router.post(`${sessions}/new/payment`, async (context) =>
    createSessionV2(machine, 'payment', context),
  );
  router.post(`${sessions}/new/subscription`, async (context) =>
    createSessionV2(machine, 'subscription', context),
  );
  router.post(`${sessions}/:uuid/expire`, (context) => {
    context.body = statusV2(expireSession(machine, paramOf(context, 'uuid')));
  });
  router.get(`${sessions}/:uuid/status`, (context) => {
    context.body = statusV2(findSession(machine, paramOf(context, 'uuid')));
  });
  router.get('/transaction/payment/:uuid', (context) => {
    context.body = paymentV2(findPayment(machine, paramOf(context, 'uuid')));
  });
  router.get('/transaction/subscription/:uuid', (context) => {
    const { session, subscription } = findSubscription(machine, paramOf(context, 'uuid'));
    context.body = subscriptionV2(session, subscription);
  });
  router.post('/webhooks/verify', async (context) => verifyV2(machine, context));
  router.get('/webhooks/events', (context) => {
    listEvents(machine, context);
  });
  router.get('/webhooks/events/:id', (context) => {
    getEvent(machine, paramOf(context, 'id'), context);
  });
  return router;
}
