import { detached } from '../async-context.js';
import { inBackground, type Clock } from '../clock.js';
import { createFairQueue, type FairQueue } from '../fair-queue.js';
import { isApiError } from './api-error.js';
import { createTokenBucket, type Rate } from '../token-bucket.js';

/**
 * On whose behalf the API is called. `known`: about something vouched for, of which nothing can be shown yet.
 * `stranger`: about what anybody may have made up. `refresh`: known, and what was last known can be shown meanwhile.
 */
export type Standing = 'known' | 'stranger' | 'refresh';

/** What came of a call: `found` what was asked about, `missed` it, or found out nothing. */
export interface CallOutcome {
  readonly result: 'found' | 'missed' | 'failed';
  /** How long the API asks to be left alone (ms). */
  readonly pauseMs?: number | undefined;
}

/** A call that wants to be made. */
export interface ThrottledCall {
  /** Who wants it: clients of one standing take turns. */
  readonly client: string;
  /** Makes the call. Never rejects. */
  readonly run: () => Promise<CallOutcome>;
  /** Whether anybody still waits for it, when its turn has come. */
  readonly isWanted: () => boolean;
  /** It will not be made: too many wait, or nobody wants it any more. */
  readonly turnedAway: (why: 'crowded' | 'unwanted') => void;
}

/** A call that waits its turn. */
export interface Turn {
  /** It was asked for again, by somebody of this standing: it goes before what was asked for once. */
  readonly askedAgain: (standing: Standing) => void;
  /** Nobody will want it any more. */
  readonly leave: () => void;
}

/** How much the API is asked, whatever is wanted of it. */
export interface ThrottleLimits {
  /** Calls under way at once. */
  readonly maxInFlight: number;
  /** Of them, on behalf of strangers. */
  readonly maxStrangersInFlight: number;
  /** Calls in all. */
  readonly calls: Rate;
  /** Calls on behalf of strangers that find nothing. What they find does not count: it was not made up. */
  readonly misses: Rate;
  /** Calls that wait. */
  readonly maxWaiting: number;
}

/**
 * Lets calls through to the API, so many at once and so many a second: known ones first, then strangers, of whom those
 * wait that ask for nothing but what does not exist. While the API asks to be left alone strangers wait, and known ones
 * are asked about one at a time.
 */
export interface Throttle {
  /** `ahead`: it was turned away before. */
  readonly submit: (call: ThrottledCall, standing: Standing, ahead: boolean) => Turn;
  /** How long strangers wait until the API may be asked again (ms). */
  readonly pausedMs: () => number;
  readonly inFlight: () => number;
  readonly waiting: () => number;
  /** Turns everybody away who waits, now and later. */
  readonly close: () => void;
}

interface Waiting {
  readonly call: ThrottledCall;
  standing: Standing;
}

const STANDINGS = ['known', 'stranger', 'refresh'] as const satisfies readonly Standing[];
/** Between calls while the API asks to be left alone. */
const PAUSED_INTERVAL_MS = 1_000;

const LONGEST_PAUSE_MS = 60_000;
const PAUSE_WITHOUT_RETRY_AFTER_MS = 1_000;

/** How long the API asks to be left alone with what it answered (ms); never for longer than a minute. */
export function askedPauseMs(error: unknown): number {
  if (!isApiError(error)) return 0;
  const { status, retryAfterMs = status === 429 ? PAUSE_WITHOUT_RETRY_AFTER_MS : 0 } = error;
  return Math.min(retryAfterMs, LONGEST_PAUSE_MS);
}

/** A throttle through which nothing goes yet. */
export function createThrottle(clock: Clock, limits: ThrottleLimits): Throttle {
  const { maxInFlight, maxStrangersInFlight, maxWaiting } = limits;
  const queues: Readonly<Record<Standing, FairQueue<Waiting>>> = {
    known: createFairQueue(),
    stranger: createFairQueue(),
    refresh: createFairQueue(),
  };
  const calls = createTokenBucket(clock, limits.calls);
  const misses = createTokenBucket(clock, limits.misses);
  const timers = inBackground(clock);
  const state = { inFlight: 0, strangers: 0, pausedUntil: 0, nextWhilePaused: 0, isClosed: false };
  let cancelTimer = (): void => undefined;

  function pausedMs(): number {
    return Math.max(0, state.pausedUntil - clock.now());
  }

  /** How long until a call of this standing may be made (ms); `Infinity` when the end of another one decides. */
  function waitMs(standing: Standing): number {
    if (queues[standing].size === 0) return Infinity;
    if (standing !== 'stranger')
      return pausedMs() === 0 ? 0 : Math.max(0, state.nextWhilePaused - clock.now());
    if (state.strangers >= maxStrangersInFlight) return Infinity;
    return Math.max(pausedMs(), misses.waitMs());
  }

  function pump(): void {
    cancelTimer();
    while (state.inFlight < maxInFlight) {
      const waits = STANDINGS.map((standing) => [standing, waitMs(standing)] as const);
      const next = calls.waitMs() === 0 ? waits.find(([, ms]) => ms === 0) : undefined;
      if (next === undefined) {
        const soonest = Math.max(calls.waitMs(), Math.min(...waits.map(([, ms]) => ms)));
        if (soonest < Infinity)
          cancelTimer = detached(() => timers.after(Math.max(1, soonest), pump));
        return;
      }
      const waiting = queues[next[0]].shift();
      if (waiting?.call.isWanted() === true) start(waiting);
      else waiting?.call.turnedAway('unwanted');
    }
  }

  function start({ call, standing }: Waiting): void {
    const isStranger = standing === 'stranger';
    state.inFlight += 1;
    state.nextWhilePaused = clock.now() + PAUSED_INTERVAL_MS;
    calls.take();
    if (isStranger) {
      state.strangers += 1;
      misses.take();
    }
    // Whoever's request makes room for it, it is not that request's.
    const running = detached(() => call.run());
    void running.then(({ result, pauseMs = 0 }) => {
      state.inFlight -= 1;
      if (isStranger) state.strangers -= 1;
      if (isStranger && result === 'found') misses.giveBack();
      if (pauseMs > 0) state.pausedUntil = Math.max(state.pausedUntil, clock.now() + pauseMs);
      pump();
    });
  }

  function waitingInAll(): number {
    return STANDINGS.reduce((sum, standing) => sum + queues[standing].size, 0);
  }

  /** Strangers go first, then whoever has something to look at already. */
  function dropOne(): void {
    const queue = [queues.stranger, queues.refresh, queues.known].find(({ size }) => size > 0);
    queue?.dropFromLongest()?.call.turnedAway('crowded');
  }

  return {
    submit(call, standing, ahead) {
      const waiting: Waiting = { call, standing };
      queues[standing].push(call.client, waiting, ahead);
      if (state.isClosed || waitingInAll() > maxWaiting) dropOne();
      pump();
      return {
        askedAgain(now) {
          if (!queues[waiting.standing].remove(call.client, waiting)) return;
          // What a stranger asked for may be known by now, and stays it.
          if (waiting.standing === 'stranger') waiting.standing = now;
          queues[waiting.standing].push(call.client, waiting, true);
          pump();
        },
        leave() {
          if (!queues[waiting.standing].remove(call.client, waiting)) return;
          call.turnedAway('unwanted');
          pump();
        },
      };
    },
    pausedMs,
    inFlight: () => state.inFlight,
    waiting: waitingInAll,
    close() {
      state.isClosed = true;
      cancelTimer();
      while (waitingInAll() > 0) dropOne();
    },
  };
}
