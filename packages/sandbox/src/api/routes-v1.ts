import { Router } from '@koa/router';
import type { Context } from 'koa';
import { findPayment, findSession, findSubscription } from '../checkout/find-session.js';
import { openSession } from '../checkout/session-lifecycle.js';
import { CheckoutError } from '../errors.js';
import type { SandboxState } from '../state/sandbox-state.js';
import type { Session } from '../state/sessions.js';
import type { SessionTerms } from '../state/terms.js';
import { paymentV1, sessionV1, statusV1, subscriptionV1 } from '../wire/bodies-v1.js';
import type { JsonObject } from '../wire/canonical-json.js';
import { memberActedFor, requireCaller, visibleTo } from './caller.js';
import { ApiError } from './error-answers.js';
import { paramOf, queryOf, readJson } from './read-request.js';
import { readLegacyTerms, readTermsV1 } from './read-terms.js';
import { readTransactionQuery, sessionOf } from './transaction-query.js';
import { verifyV1 } from './verify-webhooks.js';

/** v1's API, under `/v1`. */
export function routerV1(state: SandboxState): Router {
  const router = new Router({ prefix: '/v1' });
  const { allowRemote } = state.settings;
  const keyed = requireCaller(state, 'v1');
  const sessions = '/transaction/session-checkout';

  router.post(`${sessions}/new/payment`, keyed, async (context) =>
    create(state, context, (body) => readTermsV1(body, 'payment', allowRemote)),
  );
  router.post(`${sessions}/new/subscription`, keyed, async (context) =>
    create(state, context, (body) => readTermsV1(body, 'subscription', allowRemote)),
  );
  router.post([sessions, `${sessions}/`], keyed, async (context) =>
    create(state, context, (body) => readLegacyTerms(body, allowRemote)),
  );
  router.get(`${sessions}/:uuid`, (context) => {
    getSession(state, paramOf(context, 'uuid'), context);
  });
  router.get('/transaction/status', keyed, (context) => {
    getStatus(state, context);
  });
  router.get('/transaction/payment/:uuid', keyed, (context) => {
    const session = findPayment(state, paramOf(context, 'uuid'));
    context.body = paymentV1(visibleTo(state, context, 'v1', session));
  });
  router.get('/transaction/subscription/:uuid', keyed, (context) => {
    const { session, subscription } = findSubscription(state, paramOf(context, 'uuid'));
    context.body = subscriptionV1(visibleTo(state, context, 'v1', session), subscription);
  });
  router.post('/webhooks/verify', keyed, async (context) => verifyV1(state, context));
  return router;
}

async function create(
  state: SandboxState,
  context: Context,
  read: (body: JsonObject) => SessionTerms,
): Promise<void> {
  const terms = read(await readJson(context));
  const userUuid = memberActedFor(state, context, 'v1')?.userUuid;
  const session = openSession(state, { ...terms, userUuid });
  context.body = {
    uuid: session.uuid,
    link: session.link,
    expiresAt: Math.floor(session.expiresAt / 1000),
  };
}

/** How near its end a session is that is "close to expire", in ms. QBitFlow's own figure is not published. */
const CLOSE_MS = 5 * 60_000;

/** `GET /transaction/session-checkout/:uuid?closeToExpireError`: anyone may ask. */
function getSession(state: SandboxState, uuid: string, context: Context): void {
  const session = findSession(state, uuid);
  const wantsTime = queryOf(context, 'closeToExpireError') === 'true';
  if (wantsTime && isOverSoon(session, state.settings.clock.now()))
    throw new ApiError(410, 'gone', 'the checkout session has expired, or will within minutes');
  context.body = sessionV1(session);
}

function isOverSoon({ status, expiresAt }: Session, now: number): boolean {
  return status === 'expired' || (status === 'created' && expiresAt - now < CLOSE_MS);
}

/** `GET /transaction/status?txUUID&txType`, or under the names of SDK 1.x; 404 while nothing was processed. */
function getStatus(state: SandboxState, context: Context): void {
  const session = sessionOf(state, readTransactionQuery(context.querystring));
  const status = session && statusV1(visibleTo(state, context, 'v1', session));
  if (status === undefined)
    throw new CheckoutError('unknown', 'nothing has been processed for this transaction yet');
  context.body = status;
}
