import type { Settings } from '../options.js';
import type { DeliveryAttempt } from '../state/deliveries.js';
import type { Secrets } from '../state/secrets.js';
import type { Mischief, PlannedDelivery } from './planned-delivery.js';
import { post } from './post.js';
import { sign } from './sign.js';

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
