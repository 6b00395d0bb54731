import { Router } from '@koa/router';
import type { Context } from 'koa';
import { findSession } from '../../checkout/find-session.js';
import { openSession } from '../../checkout/open-session.js';
import type { Machine } from '../../machine.js';
import type { SessionTerms } from '../../state/session.js';
import type { JsonObject } from '../../wire/cast.js';
import { sessionV1 } from '../../wire/v1/session.js';
import { paymentV1, subscriptionV1 } from '../../wire/v1/names.js';
import { findPayment, findSubscription } from '../../checkout/find-transaction.js';
import { paramOf } from '../query.js';
import { readJson } from '../read-json.js';
import { requireApiKey } from '../require-api-key.js';
import { getStatusV1 } from './get-status.js';
import { readLegacyTerms } from './read-legacy-terms.js';
import { readTermsV1 } from './read-terms.js';
import { verifyV1 } from './verify.js';

/** v1's API, under `/v1`. */
export function routerV1(machine: Machine): Router {
  const router = new Router({ prefix: '/v1' });
  const { apiKey, allowRemote } = machine.settings;
  const keyed = requireApiKey(apiKey);
  const sessions = '/transaction/session-checkout';

  router.post(`${sessions}/new/payment`, keyed, async (context) =>
    create(machine, context, (body) => readTermsV1(body, 'payment', allowRemote)),
  );
  router.post(`${sessions}/new/subscription`, keyed, async (context) =>
    create(machine, context, (body) => readTermsV1(body, 'subscription', allowRemote)),
  );
  router.post([sessions, `${sessions}/`], keyed, async (context) =>
    create(machine, context, (body) => readLegacyTerms(body, allowRemote)),
  );
  router.get(`${sessions}/:uuid`, (context) => {
    context.body = sessionV1(findSession(machine, paramOf(context, 'uuid')));
  });
  router.get('/transaction/status', keyed, (context) => {
    getStatusV1(machine, context);
  });
  router.get('/transaction/payment/:uuid', keyed, (context) => {
    context.body = paymentV1(findPayment(machine, paramOf(context, 'uuid')));
  });
  router.get('/transaction/subscription/:uuid', keyed, (context) => {
    const { session, subscription } = findSubscription(machine, paramOf(context, 'uuid'));
    context.body = subscriptionV1(session, subscription);
  });
  router.post('/webhooks/verify', keyed, async (context) => verifyV1(machine, context));
  return router;
}

async function create(
  machine: Machine,
  context: Context,
  read: (body: JsonObject) => SessionTerms,
): Promise<void> {
  const session = openSession(machine, read(await readJson(context)));
  context.body = {
    uuid: session.uuid,
    link: session.link,
    expiresAt: Math.floor(session.expiresAt / 1000),
  };
}
