import { Router } from '@koa/router';
import type { Context } from 'koa';
import { findPayment, findSession, findSubscription } from '../checkout/find-session.js';
import { expireSession, openSession } from '../checkout/session-lifecycle.js';
import { CheckoutError } from '../errors.js';
import type { Delivery, SandboxEvent } from '../state/events.js';
import type { KeyedCreate, SandboxState } from '../state/sandbox-state.js';
import type { Session } from '../state/sessions.js';
import type { SessionKind } from '../state/terms.js';
import { rfc3339 } from '../time.js';
import { paymentV2, statusV2, subscriptionV2 } from '../wire/bodies-v2.js';
import { canonicalJson, type JsonObject } from '../wire/canonical-json.js';
import { isGenuine } from '../wire/signing.js';
import { ApiError, ValidationError } from './error-answers.js';
import { paramOf, queryOf, readFields, readJson, requireApiKey } from './read-request.js';
import { readTermsV2 } from './read-terms.js';

/** v2's API, under `/v2`. */
export function routerV2(state: SandboxState): Router {
  const router = new Router({ prefix: '/v2' });
  const sessions = '/transaction/session-checkout';
  router.use(requireApiKey(state.settings.apiKey));
  router.post(`${sessions}/new/payment`, async (context) =>
    createSessionV2(state, 'payment', context),
  );
  router.post(`${sessions}/new/subscription`, async (context) =>
    createSessionV2(state, 'subscription', context),
  );
  router.post(`${sessions}/:uuid/expire`, (context) => {
    context.body = statusV2(expireSession(state, paramOf(context, 'uuid')));
  });
  router.get(`${sessions}/:uuid/status`, (context) => {
    context.body = statusV2(findSession(state, paramOf(context, 'uuid')));
  });
  router.get('/transaction/payment/:uuid', (context) => {
    context.body = paymentV2(findPayment(state, paramOf(context, 'uuid')));
  });
  router.get('/transaction/subscription/:uuid', (context) => {
    const { session, subscription } = findSubscription(state, paramOf(context, 'uuid'));
    context.body = subscriptionV2(session, subscription);
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

/** How long a create is remembered by its key, as at QBitFlow: 24 h, in ms. */
const KEY_LIFE_MS = 24 * 3_600_000;

/** `POST …/new/payment` and `…/new/subscription`: 201, for 24 hours the same session for the same `Idempotency-Key`. */
async function createSessionV2(
  state: SandboxState,
  kind: SessionKind,
  context: Context,
): Promise<void> {
  const body = await readJson(context);
  const key = idempotencyKey(context);
  const fingerprint = `${kind} ${canonicalJson(body)}`;
  const answer = earlier(state, key, fingerprint) ?? answerOf(open(state, kind, body));
  remember(state, key, { fingerprint, answer });
  context.status = 201;
  context.body = answer;
}

function answerOf({ link, uuid, expiresAt }: Session): JsonObject {
  return { link, uuid, expiresAt: rfc3339(expiresAt) };
}

function idempotencyKey(context: Context): string | undefined {
  const key = context.headers['idempotency-key'];
  if (key === undefined || (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)))
    return key;
  throw new ValidationError([
    { field: 'Idempotency-Key', message: 'must be 1 to 255 printable ASCII characters, no spaces' },
  ]);
}

function earlier(
  state: SandboxState,
  key: string | undefined,
  fingerprint: string,
): JsonObject | undefined {
  const create = key === undefined ? undefined : state.keyedCreates.get(key);
  if (create === undefined || state.settings.clock.now() - create.at >= KEY_LIFE_MS)
    return undefined;
  if (create.fingerprint === fingerprint) return create.answer;
  throw new CheckoutError('key_reused', 'this Idempotency-Key came before, with another request');
}

/** Only what succeeded is remembered, and a replay does not make the memory younger. */
function remember(
  { keyedCreates, settings }: SandboxState,
  key: string | undefined,
  create: Omit<KeyedCreate, 'at'>,
): void {
  if (key === undefined || keyedCreates.get(key)?.answer === create.answer) return;
  keyedCreates.set(key, { ...create, at: settings.clock.now() });
}

function open(state: SandboxState, kind: SessionKind, body: JsonObject): Session {
  const terms = readTermsV2(body, kind, state.settings.priceCapUsd);
  const { reference } = terms;
  if (reference !== undefined && state.sessions.findHolder(reference) !== undefined)
    throw new CheckoutError('reference_taken', `the reference ${reference} is taken already`);
  return openSession(state, terms);
}

const DEFAULT_LIMIT = 20;
const HIGHEST_LIMIT = 100;

/** `GET /webhooks/events?type&cursor&limit`: newest first. */
function listEvents({ events }: SandboxState, context: Context): void {
  const limit = Number(queryOf(context, 'limit') ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > HIGHEST_LIMIT)
    throw invalid('limit', `must be a whole number from 1 to ${HIGHEST_LIMIT}`);
  const cursor = queryOf(context, 'cursor');
  if (cursor !== undefined && events.find(cursor)?.version !== 'v2')
    throw invalid('cursor', 'must be the id of an event');
  const page = events.page({ version: 'v2', type: queryOf(context, 'type'), cursor, limit });
  context.body = { items: page.items.map(envelopeOf), nextCursor: page.nextCursor };
}

/** `GET /webhooks/events/:id`: the envelope and how its deliveries went. */
function getEvent({ events, deliveries }: SandboxState, id: string, context: Context): void {
  const event = events.find(id);
  if (event?.version !== 'v2')
    throw new ApiError(404, 'not_found', `there is no event ${JSON.stringify(id)}`);
  context.body = {
    ...envelopeOf(event),
    deliveries: deliveries.listOf(id).map(deliveryOf),
  };
}

function envelopeOf(event: SandboxEvent): JsonObject {
  const envelope: unknown = JSON.parse(event.text);
  return typeof envelope === 'object' ? { ...envelope } : {};
}

function deliveryOf(delivery: Delivery): JsonObject {
  const { id, url, state, createdAt, attempts } = delivery;
  return {
    id,
    url,
    status: state,
    createdAt: rfc3339(createdAt),
    attempts: attempts.map(({ number, at, durationMs, status, error }) => ({
      number,
      at: rfc3339(at),
      durationMs,
      responseStatus: status,
      error,
    })),
  };
}

function invalid(field: string, message: string): ValidationError {
  return new ValidationError([{ field, message }]);
}

/** `POST /webhooks/verify`: 200 when genuine, 400 `invalid_signature` when not. Any endpoint's UUID is taken. */
async function verifyV2(state: SandboxState, context: Context): Promise<void> {
  const fields = readFields(await readJson(context));
  const required = { max: 4_194_304 };
  const body = fields.text('body', required);
  const signature = fields.text('signature');
  fields.text('endpointUuid');
  for (const field of ['endpointUuid', 'body', 'signature'])
    if (!fields.has(field)) fields.reject(field, 'is required');
  if (fields.errors.length > 0 || body === undefined || signature === undefined)
    throw new ValidationError(fields.errors);

  const parts = signature.split(',').map((part) => part.trim());
  const timestamp = parts.find((part) => part.startsWith('t='))?.slice(2) ?? '';
  const digests = parts.filter((part) => part.startsWith('v1=')).map((part) => part.slice(3));
  const claim = { timestamp, digests, signed: body };
  if (!isGenuine(claim, state.secrets.active(), state.settings.clock.machine.now()))
    throw new ApiError(400, 'invalid_signature', 'the signature is not valid');
  context.body = { message: 'the signature is valid' };
}
