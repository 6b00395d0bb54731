import { setMaxListeners } from 'node:events';
import { sleep } from '@qbitflow/core';
import { post } from './post.js';
import type { Ids } from '../ids.js';
import type { Settings } from '../options.js';
import type {
  Deliveries,
  Delivery,
  DeliveryAttempt,
  Generation,
  SandboxEvent,
} from '../state/events.js';
import { type Secrets, sign } from '../wire/signing.js';

/** What is unusual about one attempt. */
export interface Mischief {
  /** Signs with this instead of the endpoint's secrets. */
  readonly secret?: string;
  /** Moves the signature's timestamp, in seconds; negative is the past. */
  readonly timestampSkewS?: number;
  /** Cuts the connection when the answer begins to arrive: the merchant did answer, nobody read it. */
  readonly dropAnswer?: boolean;
  /** Sends the body in pieces with this many ms between them. */
  readonly bodyPauseMs?: number;
}

/** A delivery that is about to set out. */
export interface PlannedDelivery {
  readonly event: SandboxEvent;
  readonly url: URL;
  /** Wait before the first attempt, in ms. */
  readonly delayMs: number;
  readonly everyAttempt: Mischief;
  /** On top of `everyAttempt`, for the first attempt only: its retry goes well. */
  readonly firstAttempt: Mischief;
}

/** A delivery that leaves at once and as it should be. */
export function plainDelivery(event: SandboxEvent, url: URL): PlannedDelivery {
  return { event, url, delayMs: 0, everyAttempt: {}, firstAttempt: {} };
}

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

/** What an attempt works with. */
export interface AttemptParts {
  readonly settings: Settings;
  readonly secrets: Secrets;
}

/** One attempt of a delivery. */
export interface AttemptOptions {
  readonly plan: PlannedDelivery;
  /** From 1. */
  readonly number: number;
  readonly signal: AbortSignal;
}

/** Signs a delivery as of now and posts it once, with whatever mischief its plan has. Never rejects over the network. */
export async function attempt(
  { settings, secrets }: AttemptParts,
  { plan, number, signal }: AttemptOptions,
): Promise<DeliveryAttempt> {
  const { clock, deliveryTimeoutMs } = settings;
  const mischief: Mischief =
    number === 1 ? { ...plan.everyAttempt, ...plan.firstAttempt } : plan.everyAttempt;
  const at = clock.now();
  const { headers, body } = sign(plan.event, {
    secrets: mischief.secret === undefined ? secrets.active() : [mischief.secret],
    timestamp: Math.floor(at / 1000) + (mischief.timestampSkewS ?? 0),
  });
  const outcome = await post({
    url: plan.url,
    headers,
    body,
    timeoutMs: deliveryTimeoutMs,
    bodyPauseMs: mischief.bodyPauseMs ?? 0,
    dropAnswer: mischief.dropAnswer ?? false,
    signal,
    clock,
  });
  return { number, at, durationMs: clock.now() - at, headers, ...outcome };
}
