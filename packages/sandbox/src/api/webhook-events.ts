import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import type { Delivery, DeliveryAttempt, SandboxEvent } from '../state/events.js';
import type { SandboxState } from '../state/sandbox-state.js';
import { space } from '../wire/demo-data.js';
import { rfc3339 } from '../time.js';
import type { JsonObject } from '../wire/canonical-json.js';
import { memberActedFor } from './caller.js';
import { ApiError, ValidationError } from './error-answers.js';
import { queryOf } from './read-request.js';

const DEFAULT_LIMIT = 20;
const HIGHEST_LIMIT = 100;

/** `GET /webhooks/events?type&cursor&limit&includeMembers`: newest first. */
export function listEvents(state: SandboxState, context: Context): void {
  const { events } = state;
  const cursor = queryOf(context, 'cursor');
  if (cursor !== undefined && events.find(cursor)?.version !== 'v2')
    throw new ValidationError([{ field: 'cursor', message: 'must be the id of an event' }]);
  const page = events.page({
    version: 'v2',
    type: queryOf(context, 'type'),
    cursor,
    limit: limitOf(queryOf(context, 'limit')),
    userUuid: memberActedFor(state, context, 'v2')?.userUuid,
    includeMembers: queryOf(context, 'includeMembers') === 'true',
  });
  context.body = { items: page.items.map(envelopeOf), nextCursor: page.nextCursor };
}

/** Clamped to what there is, never refused. */
function limitOf(asked: string | undefined): number {
  const limit = Math.trunc(Number(asked ?? DEFAULT_LIMIT));
  return Number.isNaN(limit) ? DEFAULT_LIMIT : Math.min(HIGHEST_LIMIT, Math.max(1, limit));
}

/** `GET /webhooks/events/:id`: the envelope and how its deliveries went. */
export function getEvent(state: SandboxState, id: string, context: Context): void {
  const { events, deliveries } = state;
  const event = events.find(id);
  const member = memberActedFor(state, context, 'v2');
  if (event?.version !== 'v2' || (member !== undefined && event.userUuid !== member.userUuid))
    throw new ApiError(404, 'not_found', `there is no event ${JSON.stringify(id)}`);
  context.body = { ...envelopeOf(event), deliveries: endpointsOf(deliveries.listOf(id)) };
}

function envelopeOf(event: SandboxEvent): JsonObject {
  const envelope: unknown = JSON.parse(event.text);
  return typeof envelope === 'object' ? { ...envelope } : {};
}

/** What was sent to the one endpoint there is: redeliveries count on. */
function endpointsOf(deliveries: readonly Delivery[]): readonly JsonObject[] {
  const newest = deliveries.at(-1);
  if (newest === undefined) return [];
  const attempts = deliveries
    .flatMap((delivery) => delivery.attempts.map((attempt) => ({ delivery, attempt })))
    .toSorted((one, other) => one.attempt.at - other.attempt.at);
  return [
    {
      endpointUuid: space.endpointUuid,
      url: newest.url,
      delivered: deliveries.some(({ state }) => state === 'delivered'),
      attempts: attempts.map(({ delivery, attempt }, index) =>
        attemptOf(delivery, attempt, index + 1),
      ),
    },
  ];
}

function attemptOf(delivery: Delivery, attempt: DeliveryAttempt, number: number): JsonObject {
  const { number: ofDelivery, status, error, durationMs, at } = attempt;
  return {
    uuid: uuidOf(`${delivery.id} ${ofDelivery}`),
    eventId: delivery.eventId,
    eventType: delivery.type,
    endpointUuid: space.endpointUuid,
    attempt: number,
    delivered: status !== undefined && status >= 200 && status < 300,
    statusCode: status,
    error,
    durationMs,
    attemptedAt: rfc3339(at),
  };
}

/** The same UUID for the same name, so that an attempt keeps the one it has. */
function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
