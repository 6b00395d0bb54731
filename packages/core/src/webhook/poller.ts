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

/** Of so many subjects it is remembered that something waits; beyond, anything may. */
const MOST_SUBJECTS = 1_000;

/**
 * What may be due in the store as far as this process knows: what it left there, and what the store called back about.
 * While it is empty a delivery may be taken as it is recorded without overtaking an older one.
 */
export class Backlog {
  /** More than is known by subject: at start, after a claiming that left something, when too much was left. */
  #isLarge = true;
  #isLargeSince = true;
  #subjects = new Set<string>();
  /** Those that a claiming under way asks for. */
  #asked = new Set<string>();

  get isEmpty(): boolean {
    return !this.#isLarge && this.#subjects.size === 0;
  }

  /** Whether something older of a subject may be due. */
  mayHold(subject: string): boolean {
    return this.#isLarge || this.#subjects.has(subject) || this.#asked.has(subject);
  }

  /** Something is due now, of this subject where that is known. */
  add(subject: string | undefined): void {
    if (subject !== undefined && this.#subjects.size < MOST_SUBJECTS) this.#subjects.add(subject);
    else {
      this.#isLarge = true;
      this.#isLargeSince = true;
    }
  }

  /** A claiming begins. Returns how many it has to ask for to get all that is known of, `Infinity` where that is not known. */
  ask(): number {
    const known = this.#isLarge ? Infinity : this.#subjects.size;
    this.#isLargeSince = false;
    [this.#asked, this.#subjects] = [this.#subjects, this.#asked];
    return known;
  }

  /** The claiming has ended, and left something or not. */
  asked(isSomethingLeft: boolean): void {
    this.#asked.clear();
    this.#isLarge = isSomethingLeft || this.#isLargeSince;
  }
}
