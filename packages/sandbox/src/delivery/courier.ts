import { setMaxListeners } from 'node:events';
import { sleep } from '@qbitflow/core';
import type { Ids } from '../ids.js';
import type { Deliveries, Delivery, DeliveryAttempt } from '../state/deliveries.js';
import type { Generation } from '../state/event-log.js';
import { attempt, type AttemptParts } from './attempt.js';
import type { PlannedDelivery } from './planned-delivery.js';

/** What the courier works with. */
export interface CourierParts extends AttemptParts {
  readonly deliveries: Deliveries;
  readonly ids: Ids;
}

/** Carries deliveries to the merchant until they are accepted. */
export interface Courier {
  /** Resolves when the delivery is accepted, given up or stopped. Never rejects. */
  readonly deliver: (plan: PlannedDelivery) => Promise<Delivery>;
  /** Resolves when nothing is under way. */
  readonly idle: () => Promise<void>;
  /** Stops everything under way, and waits for it. */
  readonly close: () => Promise<void>;
}

/** A courier with nothing under way. */
export function createCourier(parts: CourierParts): Courier {
  const stop = new AbortController();
  // Every delivery under way listens to it: hundreds are no leak.
  setMaxListeners(0, stop.signal);
  const underWay = new Set<Promise<Delivery>>();
  const idle = async (): Promise<void> => {
    while (underWay.size > 0) await Promise.allSettled(underWay);
  };
  return {
    deliver(plan) {
      const run = carry(parts, plan, stop.signal).finally(() => underWay.delete(run));
      underWay.add(run);
      return run;
    },
    idle,
    async close() {
      stop.abort();
      await idle();
    },
  };
}

async function carry(
  parts: CourierParts,
  plan: PlannedDelivery,
  signal: AbortSignal,
): Promise<Delivery> {
  const { clock, retryDelaysMs } = parts.settings;
  let delivery = begin(parts, plan);
  for (const delayMs of [plan.delayMs, ...retryDelaysMs]) {
    if (delayMs > 0) await sleep(clock, delayMs, signal);
    if (signal.aborted) break;
    const made = await attempt(parts, { plan, number: delivery.attempts.length + 1, signal });
    const attempts = [...delivery.attempts, made];
    const last = attempts.length > retryDelaysMs.length;
    const state = accepted(delivery.version, made) ? 'delivered' : last ? 'failed' : 'waiting';
    delivery = { ...delivery, attempts, state };
    if (signal.aborted && state !== 'delivered') break;
    parts.deliveries.save(delivery);
    if (state !== 'waiting') return delivery;
  }
  delivery = { ...delivery, state: 'stopped' };
  parts.deliveries.save(delivery);
  return delivery;
}

function begin({ deliveries, ids, settings }: CourierParts, plan: PlannedDelivery): Delivery {
  const { event, url } = plan;
  const delivery: Delivery = {
    id: `dlv_${ids.uuid()}`,
    eventId: event.id,
    version: event.version,
    type: event.type,
    url: url.href,
    sessionUuid: event.sessionUuid,
    state: 'waiting',
    createdAt: settings.clock.now(),
    attempts: [],
  };
  deliveries.save(delivery);
  return delivery;
}

/** v1 wants exactly 200, v2 takes any 2xx (protocol §3). */
function accepted(version: Generation, { status = 0 }: DeliveryAttempt): boolean {
  return version === 'v1' ? status === 200 : status >= 200 && status < 300;
}
