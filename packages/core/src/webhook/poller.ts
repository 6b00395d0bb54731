import { detached } from '../async-context.js';
import { inBackground, outagePause, type CancelTimer } from '../clock.js';
import type { Runtime } from '../runtime.js';

/** Asks the store for work: when woken, when there is room again, and now and then on its own. */
export interface Poller {
  /** Claims as soon as the current claiming, if any, has ended. */
  wake(): void;
  stop(): void;
  /** Resolves when the claiming under way, if any, has ended. Never rejects. */
  settled(): Promise<void>;
}

/**
 * A poller at rest. `claimDue` claims once and resolves with whether more may be due right now. While the store fails the
 * poller pauses longer and longer instead of spinning, and ignores being woken.
 */
export function createPoller(
  { clock, diagnostics, random, settings }: Runtime,
  claimDue: () => Promise<boolean>,
): Poller {
  const background = inBackground(clock);
  const { pollIntervalMs } = settings.handlers;
  let poll: CancelTimer | undefined;
  let state: 'idle' | 'claiming' | 'pausing' | 'stopped' = 'idle';
  let again = false;
  let failures = 0;
  let lastClaim: Promise<void> = Promise.resolve();

  const stopped = (): boolean => state === 'stopped';

  function wake(): void {
    if (state === 'claiming') again = true;
    // Whoever wakes it goes on; the polling that follows belongs to no request.
    if (state === 'idle') void detached(run);
  }

  async function run(): Promise<void> {
    state = 'claiming';
    poll?.();
    try {
      do {
        again = false;
        const claiming = claimDue();
        lastClaim = claiming.then(nothing, nothing);
        const more = await claiming;
        again ||= more;
        failures = 0;
      } while (again && !stopped());
      rest('idle', pollIntervalMs);
    } catch (err) {
      failures += 1;
      const pauseMs = outagePause(failures, random);
      diagnostics.log('take_failed', { err, pauseMs });
      rest('pausing', pauseMs);
    }
  }

  function rest(as: 'idle' | 'pausing', delayMs: number): void {
    if (stopped()) return;
    state = as;
    poll = background.after(delayMs, () => {
      state = 'idle';
      wake();
    });
  }

  return {
    wake,
    stop() {
      state = 'stopped';
      poll?.();
    },
    settled: async () => lastClaim,
  };
}

const nothing = (): void => undefined;
