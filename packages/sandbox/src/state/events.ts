import type { Log } from '../log.js';
import { BoundedMap, createListeners } from './registry.js';

/** A webhook's API generation. */
export type Generation = 'v1' | 'v2';

/** Something that happened, as one generation words it. */
export interface SandboxEvent {
  /** v2: the envelope's id. v1 bodies carry none: a name the sandbox gave it. */
  readonly id: string;
  readonly version: Generation;
  /** v2: the event type. v1: `transaction.<status>` or `subscription.<type>`, for people to read. */
  readonly type: string;
  /** The body, as text: what is signed and sent, the same on every retry. */
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly sessionUuid?: string | undefined;
  /** The marketplace member whose event it is. */
  readonly userUuid?: string | undefined;
}

/** One page of the log, newest first. */
export interface EventPage {
  readonly items: readonly SandboxEvent[];
  /** The id to go on from, or `null` at the end. */
  readonly nextCursor: string | null;
}

/** What to list: v2's `GET /webhooks/events` has the same names. */
export interface EventQuery {
  readonly version: Generation;
  readonly type?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
  /** Of this member; the merchant's own where there is none. */
  readonly userUuid?: string | undefined;
  /** The merchant's members' too. */
  readonly includeMembers?: boolean;
}

/** Every event of this sandbox, delivered or not. */
export interface EventLog {
  /** Returns the event. */
  readonly add: (event: SandboxEvent) => SandboxEvent;
  readonly find: (id: string) => SandboxEvent | undefined;
  readonly page: (query: EventQuery) => EventPage;
  /** Oldest first. */
  readonly list: () => SandboxEvent[];
}

/** An empty log that keeps the last `limit` events. */
export function createEventLog(limit: number): EventLog {
  const events = new BoundedMap<SandboxEvent>(limit);
  return {
    add: (event) => {
      events.set(event.id, event);
      return event;
    },
    find: (id) => events.get(id),
    page(query) {
      const matching = events
        .values()
        .toReversed()
        .filter((event) => isAskedFor(event, query));
      // The cursor may be of another type than the filter's: its place is found by age, not by index.
      const rest = olderThan(matching, events.values(), query.cursor);
      const items = rest.slice(0, query.limit);
      return { items, nextCursor: rest.length > query.limit ? (items.at(-1)?.id ?? null) : null };
    },
    list: () => events.values(),
  };
}

function isAskedFor({ version, type, userUuid }: SandboxEvent, query: EventQuery): boolean {
  if (version !== query.version || type !== (query.type ?? type)) return false;
  const all = query.includeMembers === true && query.userUuid === undefined;
  return all || userUuid === query.userUuid;
}

function olderThan(
  newestFirst: readonly SandboxEvent[],
  all: readonly SandboxEvent[],
  cursor: string | undefined,
): readonly SandboxEvent[] {
  if (cursor === undefined) return newestFirst;
  const older = new Set(
    all.slice(
      0,
      all.findIndex(({ id }) => id === cursor),
    ),
  );
  return newestFirst.filter((event) => older.has(event));
}

/** One POST of a delivery. */
export interface DeliveryAttempt {
  /** From 1. */
  readonly number: number;
  /** When it was sent: ms since 1970. */
  readonly at: number;
  readonly durationMs: number;
  /** What was sent: lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The answer's status, when there was one. */
  readonly status?: number;
  /** The first 500 characters of the answer, on one line and without control characters; left out when it was empty. */
  readonly answer?: string;
  /** Where an answer redirected to; webhooks do not follow. */
  readonly location?: string;
  /** Why there was no answer, or none that was read. */
  readonly error?: string;
  /** Of an attempt that was not accepted: what to try. */
  readonly hint?: string;
}

/** One event on its way to one URL, with all its attempts. */
export interface Delivery {
  readonly id: string;
  readonly eventId: string;
  readonly version: Generation;
  readonly type: string;
  readonly url: string;
  readonly sessionUuid?: string | undefined;
  /** `waiting` until an attempt is accepted (`delivered`), all are used up (`failed`) or the sandbox closes (`stopped`). */
  readonly state: 'waiting' | 'delivered' | 'failed' | 'stopped';
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly attempts: readonly DeliveryAttempt[];
}

/** Every delivery of this sandbox. */
export interface Deliveries {
  readonly save: (delivery: Delivery) => void;
  readonly listOf: (eventId: string) => Delivery[];
  /** Oldest first. */
  readonly list: () => Delivery[];
  /** Calls `listener` with every new or changed delivery; returns a function that stops it. */
  readonly onChange: (listener: (delivery: Delivery) => void) => () => void;
}

/** An empty registry that keeps the last `limit` deliveries. */
export function createDeliveries(limit: number, log: Log): Deliveries {
  const listeners = createListeners<Delivery>(log);
  const deliveries = new BoundedMap<Delivery>(limit);
  return {
    save(delivery) {
      deliveries.set(delivery.id, delivery);
      listeners.notify(delivery);
    },
    listOf: (eventId) => deliveries.values().filter((delivery) => delivery.eventId === eventId),
    list: () => deliveries.values(),
    onChange: listeners.add,
  };
}
