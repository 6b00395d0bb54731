import type { Context } from 'koa';
import type { Machine } from '../../machine.js';
import { rfc3339 } from '../../rfc3339.js';
import type { Delivery } from '../../state/deliveries.js';
import type { SandboxEvent } from '../../state/event-log.js';
import type { JsonObject } from '../../wire/cast.js';
import { ApiError, ValidationError } from '../api-error.js';
import { queryOf } from '../query.js';

const DEFAULT_LIMIT = 20;
const HIGHEST_LIMIT = 100;

/** `GET /webhooks/events?type&cursor&limit`: newest first. */
export function listEvents({ events }: Machine, context: Context): void {
  const limit = Number(queryOf(context, 'limit') ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > HIGHEST_LIMIT)
    throw refuse('limit', `must be a whole number from 1 to ${HIGHEST_LIMIT}`);
  const cursor = queryOf(context, 'cursor');
  if (cursor !== undefined && events.find(cursor)?.version !== 'v2')
    throw refuse('cursor', 'must be the id of an event');
  const page = events.page({ version: 'v2', type: queryOf(context, 'type'), cursor, limit });
  context.body = { items: page.items.map(envelopeOf), nextCursor: page.nextCursor };
}

/** `GET /webhooks/events/:id`: the envelope and how its deliveries went. */
export function getEvent({ events, deliveries }: Machine, id: string, context: Context): void {
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

function refuse(field: string, message: string): ValidationError {
  return new ValidationError([{ field, message }]);
}
