import { Router } from '@koa/router';
import type { Context } from 'koa';
import { findPayment, findSession, findSubscription } from '../checkout/find-session.js';
import { openSession } from '../checkout/session-lifecycle.js';
import { CheckoutError } from '../errors.js';
import type { SandboxState } from '../state/sandbox-state.js';
import type { SessionTerms } from '../state/terms.js';
import { paymentV1, sessionV1, statusV1, subscriptionV1 } from '../wire/bodies-v1.js';
import { canonicalJson, type JsonObject } from '../wire/canonical-json.js';
import { isGenuine } from '../wire/signing.js';
import { ApiError } from './error-answers.js';
import { paramOf, readJson, requireApiKey } from './read-request.js';
import { readLegacyTerms, readTermsV1 } from './read-terms.js';

/** v1's API, under `/v1`. */
export function routerV1(state: SandboxState): Router {
  const router = new Router({ prefix: '/v1' });
  const { apiKey, allowRemote } = state.settings;
  const keyed = requireApiKey(apiKey);
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
    context.body = sessionV1(findSession(state, paramOf(context, 'uuid')));
  });
  router.get('/transaction/status', keyed, (context) => {
    getStatusV1(state, context);
  });
  router.get('/transaction/payment/:uuid', keyed, (context) => {
    context.body = paymentV1(findPayment(state, paramOf(context, 'uuid')));
  });
  router.get('/transaction/subscription/:uuid', keyed, (context) => {
    const { session, subscription } = findSubscription(state, paramOf(context, 'uuid'));
    context.body = subscriptionV1(session, subscription);
  });
  router.post('/webhooks/verify', keyed, async (context) => verifyV1(state, context));
  return router;
}

async function create(
  state: SandboxState,
  context: Context,
  read: (body: JsonObject) => SessionTerms,
): Promise<void> {
  const session = openSession(state, read(await readJson(context)));
  context.body = {
    uuid: session.uuid,
    link: session.link,
    expiresAt: Math.floor(session.expiresAt / 1000),
  };
}

/** `GET /transaction/status?txUUID&txType`, or under the names of SDK 1.x; 404 while nothing was processed. */
function getStatusV1(state: SandboxState, context: Context): void {
  const status = statusV1(findSession(state, readStatusQuery(context.querystring)));
  if (status === undefined)
    throw new CheckoutError('unknown', 'nothing has been processed for this transaction yet');
  context.body = status;
}

/** The id that a status is asked for, under the names of today's servers or of SDK 1.x's. Throws 400 without id or type. */
export function readStatusQuery(querystring: string): string {
  const query = new URLSearchParams(querystring);
  const uuid = query.get('txUUID') || query.get('transactionUUID');
  const type = query.get('txType') || query.get('transactionStatusType');
  if (uuid && type) return uuid;
  throw new ApiError(400, 'validation_failed', 'txUUID and txType are required');
}

/** `POST /webhooks/verify`: 200 when genuine, 400 when not. */
async function verifyV1(state: SandboxState, context: Context): Promise<void> {
  const { payload, receivedSignature, receivedTimestamp } = await readJson(context);
  const digest = /^sha256=(.*)$/.exec(String(receivedSignature))?.[1];
  const claim = {
    timestamp: String(receivedTimestamp),
    digests: digest === undefined ? [] : [digest],
    signed: canonicalJson(payload ?? null),
  };
  const genuine = isGenuine(claim, state.secrets.active(), state.settings.clock.machine.now());
  if (!genuine) throw new ApiError(400, 'invalid_signature', 'the signature is not valid');
  context.body = { message: 'the signature is valid' };
}
