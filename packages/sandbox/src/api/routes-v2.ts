import { Router } from '@koa/router';
import type { Context } from 'koa';
import { findPayment, findRememberedSession, findSubscription } from '../checkout/find-session.js';
import { isRefundable } from '../checkout/refunds.js';
import { expireSession, openSession } from '../checkout/session-lifecycle.js';
import type { SandboxState } from '../state/sandbox-state.js';
import type { Session } from '../state/sessions.js';
import { space } from '../wire/demo-data.js';
import type { SessionKind } from '../state/terms.js';
import { rfc3339 } from '../time.js';
import { statusV2 } from '../wire/bodies-v2.js';
import type { JsonObject } from '../wire/canonical-json.js';
import { paymentReadV2, subscriptionReadV2 } from '../wire/reads-v2.js';
import { memberActedFor, requireCaller, visibleTo } from './caller.js';
import { createOnce } from './create-once.js';
import { ApiError } from './error-answers.js';
import { paramOf, readJson } from './read-request.js';
import { readTermsV2 } from './read-terms.js';
import { verifyV2 } from './verify-webhooks.js';
import { getEvent, listEvents } from './webhook-events.js';

/** v2's API, under `/v2`. */
export function routerV2(state: SandboxState): Router {
  const router = new Router({ prefix: '/v2' });
  const sessions = '/transaction/session-checkout';
  router.use(requireCaller(state, 'v2'));
  router.get('/me', (context) => {
    getMe(state, context);
  });
  for (const kind of ['payment', 'subscription'] as const)
    router.post(`${sessions}/new/${kind}`, async (context) => createSession(state, kind, context));
  router.post(`${sessions}/:uuid/expire`, (context) => {
    const { uuid } = rememberedFor(state, paramOf(context, 'uuid'), context);
    context.body = statusV2(expireSession(state, uuid));
  });
  router.get(`${sessions}/:uuid/status`, (context) => {
    context.body = statusV2(rememberedFor(state, paramOf(context, 'uuid'), context));
  });
  router.get('/transaction/payment/:uuid', (context) => {
    const session = findPayment(state, paramOf(context, 'uuid'));
    const payment = visibleTo(state, context, 'v2', session);
    context.body = paymentReadV2(payment, isRefundable(payment));
  });
  router.get('/transaction/subscription/:uuid', (context) => {
    const { session, subscription } = findSubscription(state, paramOf(context, 'uuid'));
    context.body = subscriptionReadV2(visibleTo(state, context, 'v2', session), subscription);
  });
  router.post('/webhooks/verify', async (context) => verifyV2(state, context));
  router.get('/webhooks/events', (context) => {
    listEvents(state, context);
  });
  router.get('/webhooks/events/:id', (context) => {
    getEvent(state, paramOf(context, 'id'), context);
  });
  return router;
}

function rememberedFor(state: SandboxState, uuid: string, context: Context): Session {
  return visibleTo(state, context, 'v2', findRememberedSession(state, uuid));
}

/** `GET /me`: whose key it is, and of which space. The sandbox is in test mode, whatever its key says. */
function getMe(state: SandboxState, context: Context): void {
  const member = memberActedFor(state, context, 'v2');
  const { uuid, name } =
    member === undefined
      ? space
      : { uuid: member.spaceUuid, name: `${member.name} ${member.lastName}` };
  const role = member === undefined ? 'owner' : 'member';
  context.body = { role, space: { uuid, name, test: true } };
}

/** `POST …/new/payment` and `…/new/subscription`: 201, for 24 hours the same session for the same `Idempotency-Key`. */
async function createSession(
  state: SandboxState,
  kind: SessionKind,
  context: Context,
): Promise<void> {
  const body = await readJson(context);
  context.body = createOnce(state, context, body, () => {
    const terms = readTermsV2(body, kind, state.settings.priceCapUsd);
    const userUuid = memberActedFor(state, context, 'v2')?.userUuid;
    return answerOf(openHolding(state, { ...terms, userUuid }));
  });
  context.status = 201;
}

function answerOf({ link, uuid, expiresAt }: Session): JsonObject {
  return { link, uuid, expiresAt: rfc3339(expiresAt) };
}

/** Opens a session that alone holds its reference. Throws 409 where another does. */
function openHolding(state: SandboxState, terms: Session['terms']): Session {
  const holder = state.sessions.findHolder(terms);
  if (holder === undefined) return openSession(state, terms);
  throw new ApiError(
    409,
    'unique_violation',
    `the reference ${String(terms.reference)} is taken already, by ${holder.uuid}`,
    { details: { field: 'reference' } },
  );
}
