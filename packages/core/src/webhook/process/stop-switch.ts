/**
 * Tells an attempt, and the handler that runs in it, to stop. An `AbortSignal` is made only for a handler that looks
 * at its own: making two for every delivery cost as much as verifying it.
 */
export interface StopSwitch {
  readonly stopped: boolean;
  /** Aborts when stopped. */
  readonly signal: AbortSignal;
  stop(reason: Error): void;
  /** A switch that stops with this one, until another follows it: one handler runs at a time. */
  follower(): StopSwitch;
}

/** A switch that has not been used. */
export function createStopSwitch(): StopSwitch {
  let reason: Error | undefined;
  let controller: AbortController | undefined;
  let follower: StopSwitch | undefined;
  return {
    get stopped() {
      return reason !== undefined;
    },
    get signal() {
      controller ??= new AbortController();
      if (reason !== undefined) controller.abort(reason);
      return controller.signal;
    },
    stop(why) {
      if (reason !== undefined) return;
      reason = why;
      controller?.abort(why);
      follower?.stop(why);
    },
    follower() {
      follower = createStopSwitch();
      if (reason !== undefined) follower.stop(reason);
      return follower;
    },
  };
}
