import { BoundedMap } from './bounded-map.js';
import type { Generation } from './event-log.js';
import type { Listeners } from './listeners.js';

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
  /** Why there was none, or none that was read. */
  readonly error?: string;
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
}

/** An empty registry that keeps the last `limit` deliveries and tells of every change. */
export function createDeliveries(limit: number, listeners: Listeners<Delivery>): Deliveries {
  const deliveries = new BoundedMap<Delivery>(limit);
  return {
    save(delivery) {
      deliveries.set(delivery.id, delivery);
      listeners.tell(delivery);
    },
    listOf: (eventId) => deliveries.values().filter((delivery) => delivery.eventId === eventId),
    list: () => deliveries.values(),
  };
}
