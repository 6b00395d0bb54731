import { detached } from '../async-context.js';
import { type CancelTimer, type Clock, backoffDelay } from '../clock.js';
import type { Logger } from '../logger.js';

/** Asks the store for work: when woken, when there is room again, and now and then on its own. */
export interface Pump {
  /** Takes as soon as the current taking, if any, has ended. */
  wake(): void;
  stop(): void;
}

/** What a pump works with. */
export interface PumpOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  readonly pollIntervalMs: number;
  /** Takes once; resolves with whether more may be due right now. */
  readonly take: () => Promise<boolean>;
}

/** The longest pause after which a store that failed is asked again, in ms. */
const LONGEST_PAUSE_MS = 30_000;

/** A pump at rest. While the store fails it pauses longer and longer instead of spinning, and ignores being woken. */
export function createPump({ clock, logger, random, pollIntervalMs, take }: PumpOptions): Pump {
  let poll: CancelTimer | undefined;
  let state: 'idle' | 'taking' | 'pausing' | 'stopped' = 'idle';
  let again = false;
  let failures = 0;

  const stopped = (): boolean => state === 'stopped';

  function wake(): void {
    if (state === 'taking') again = true;
    // Whoever wakes it goes on; the polling that follows is nobody's.
    if (state === 'idle') void detached(run);
  }

  async function run(): Promise<void> {
    state = 'taking';
    poll?.();
    try {
      do {
        again = false;
        const more = await take();
        again ||= more;
        failures = 0;
      } while (again && !stopped());
      rest('idle', pollIntervalMs);
    } catch (err) {
      failures += 1;
      const pauseMs =
        100 + backoffDelay(failures, { minBackoffMs: 500, maxBackoffMs: LONGEST_PAUSE_MS }, random);
      logger.error(
        { code: 'take_failed', err, pauseMs },
        'the store gave no work; it is asked again after a pause',
      );
      rest('pausing', pauseMs);
    }
  }

  function rest(as: 'idle' | 'pausing', delayMs: number): void {
    if (stopped()) return;
    state = as;
    poll = clock.after(delayMs, () => {
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
  };
}
