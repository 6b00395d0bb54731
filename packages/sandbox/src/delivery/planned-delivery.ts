import type { SandboxEvent } from '../state/event-log.js';

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
