import { BoundedMap } from './bounded-map.js';

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
}

/** Every event of this sandbox, delivered or not. */
export interface EventLog {
  readonly add: (event: SandboxEvent) => void;
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
    },
    find: (id) => events.get(id),
    page(query) {
      const matching = events
        .values()
        .toReversed()
        .filter(({ version, type }) => version === query.version && type === (query.type ?? type));
      // The cursor may be of another type than the filter's: its place is found by age, not by index.
      const rest = olderThan(matching, events.values(), query.cursor);
      const items = rest.slice(0, query.limit);
      return { items, nextCursor: rest.length > query.limit ? (items.at(-1)?.id ?? null) : null };
    },
    list: () => events.values(),
  };
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
