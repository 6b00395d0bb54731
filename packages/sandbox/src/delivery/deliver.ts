import { sleep } from '@qbitflow/core';
import type { Delivery, DeliveryAttempt, Generation, SandboxEvent } from '../state/events.js';
import type { SandboxState } from '../state/sandbox-state.js';
import { sign } from '../wire/signing.js';
import { hintFor } from './hints.js';
import { post, type PostOutcome } from './post.js';

/** What is wrong with one attempt. */
export interface AttemptFaults {
  /** Signs with this instead of the endpoint's secrets. */
  readonly secret?: string;
  /** Moves the signature's timestamp, in seconds; negative is the past. */
  readonly timestampSkewS?: number;
  /** Cuts the connection when the answer begins to arrive: the merchant did answer, and it was not read. */
  readonly dropAnswer?: boolean;
  /** Sends the body in pieces with this many ms between them. */
  readonly bodyPauseMs?: number;
}

/** A delivery that is about to be sent. */
export interface PlannedDelivery {
  readonly event: SandboxEvent;
  readonly url: URL;
  /** Wait before the first attempt, in ms. */
  readonly delayMs: number;
  readonly everyAttempt: AttemptFaults;
  /** On top of `everyAttempt`, for the first attempt only: its retry goes well. */
  readonly firstAttempt: AttemptFaults;
  /** How many further attempts there are at most. @default as many as the sandbox's retries */
  readonly retries?: number;
}

/** A delivery that leaves at once and as it should be. */
export function plainDelivery(event: SandboxEvent, url: URL): PlannedDelivery {
  return { event, url, delayMs: 0, everyAttempt: {}, firstAttempt: {} };
}

/**
 * Sends a delivery, and sends it again until it is accepted, given up, or stopped because the sandbox closes. Never
 * rejects over the network.
 */
export async function deliver(state: SandboxState, plan: PlannedDelivery): Promise<Delivery> {
  const { underWay } = state;
  const run = attemptUntilDone(state, plan).finally(() => underWay.delete(run));
  underWay.add(run);
  return run;
}

/** Resolves when no delivery is under way. */
export async function idle({ underWay }: SandboxState): Promise<void> {
  while (underWay.size > 0) await Promise.allSettled(underWay);
}

async function attemptUntilDone(state: SandboxState, plan: PlannedDelivery): Promise<Delivery> {
  const { deliveries, settings, closing } = state;
  const { clock } = settings;
  const { signal } = closing;
  const retryDelaysMs = settings.retryDelaysMs.slice(0, plan.retries);
  let delivery = begin(state, plan);
  for (const delayMs of [plan.delayMs, ...retryDelaysMs]) {
    if (delayMs > 0) await sleep(clock, delayMs, signal);
    if (signal.aborted) break;
    const made = await tracked(state, attempt(state, plan, delivery.attempts.length + 1));
    const attempts = [...delivery.attempts, made];
    const last = attempts.length > retryDelaysMs.length;
    const standing = accepted(delivery.version, made.status)
      ? 'delivered'
      : last
        ? 'failed'
        : 'waiting';
    delivery = { ...delivery, attempts, state: standing };
    if (signal.aborted && standing !== 'delivered') break;
    deliveries.save(delivery);
    if (standing !== 'waiting') return delivery;
  }
  delivery = { ...delivery, state: 'stopped' };
  deliveries.save(delivery);
  return delivery;
}

/** Keeps an attempt among those that a move of the clock waits for, until it is answered. */
async function tracked<Result>(
  { attempting }: SandboxState,
  run: Promise<Result>,
): Promise<Result> {
  attempting.add(run);
  try {
    return await run;
  } finally {
    attempting.delete(run);
  }
}

function begin({ deliveries, ids, settings }: SandboxState, plan: PlannedDelivery): Delivery {
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

/** Signs a delivery as of now and posts it once, with whatever faults are planned. `number` counts from 1. */
async function attempt(
  { settings, secrets, closing }: SandboxState,
  plan: PlannedDelivery,
  number: number,
): Promise<DeliveryAttempt> {
  const { clock, deliveryTimeoutMs } = settings;
  const faults: AttemptFaults =
    number === 1 ? { ...plan.everyAttempt, ...plan.firstAttempt } : plan.everyAttempt;
  const at = clock.now();
  // The shop that checks the signature has not moved its clock: neither is its time, nor how long it may take.
  const { machine } = clock;
  const startedAt = machine.now();
  const { headers, body } = sign(
    plan.event,
    faults.secret === undefined ? secrets.active() : [faults.secret],
    Math.floor(startedAt / 1000) + (faults.timestampSkewS ?? 0),
  );
  const outcome = await post({
    url: plan.url,
    headers,
    body,
    timeoutMs: deliveryTimeoutMs,
    bodyPauseMs: faults.bodyPauseMs ?? 0,
    dropAnswer: faults.dropAnswer ?? false,
    signal: closing.signal,
    clock: machine,
  });
  const hint = hintOf(plan, faults, outcome);
  return { number, at, durationMs: machine.now() - startedAt, headers, ...outcome, ...hint };
}

/** v1 wants exactly 200, v2 takes any 2xx. */
function accepted(version: Generation, status = 0): boolean {
  return version === 'v1' ? status === 200 : status >= 200 && status < 300;
}

function hintOf(
  { event: { version }, url }: PlannedDelivery,
  faults: AttemptFaults,
  outcome: PostOutcome,
): { readonly hint?: string } {
  if ('status' in outcome && accepted(version, outcome.status)) return {};
  return { hint: hintFor({ url, version, ...outcome, onPurpose: purposeOf(faults, outcome) }) };
}

/** What a scenario did to an attempt that explains how it ended. */
function purposeOf(faults: AttemptFaults, outcome: PostOutcome): string | undefined {
  if (faults.dropAnswer === true) return 'the scenario cut the answer off';
  const refused = 'status' in outcome && [400, 401, 403].includes(outcome.status);
  if (!refused) return undefined;
  if (faults.secret !== undefined)
    return 'the scenario signed it with another secret, and the shop is right to refuse it';
  if (faults.timestampSkewS !== undefined)
    return 'the scenario sent an old timestamp, and the shop is right to refuse it';
  return undefined;
}
