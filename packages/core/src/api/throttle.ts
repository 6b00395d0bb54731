import { detached } from '../async-context.js';
import { inBackground, type Clock } from '../clock.js';
import { createFairQueue, type FairQueue } from '../fair-queue.js';
import { isApiError } from './api-error.js';
import { createTokenBucket, type Rate, type TokenBucket } from '../token-bucket.js';

/**
 * On whose behalf the API is called, the first ones first. `known`: about what was not made up, of which nothing can
 * be shown yet. `vouched`: about what the merchant's own code lets through, which may be too kind. `unknown`: about what
 * anybody may have made up. `refresh`: known, and what was last known can be shown meanwhile.
 */
export type Standing = 'known' | 'vouched' | 'unknown' | 'refresh';

/** What came of a call: `found` what was asked about, `missed` it, or found out nothing. */
export interface CallOutcome {
  readonly result: 'found' | 'missed' | 'failed';
  /** How long the API asks to be left alone (ms). */
  readonly pauseMs?: number | undefined;
}

/** Why a call is not made: too many wait, it is not wanted any more, or the throttle was closed. */
export type TurnedAway = 'crowded' | 'unwanted' | 'closed';

/** A call that wants to be made. */
export interface ThrottledCall {
  /** Who wants it: clients of one standing take turns. */
  readonly client: string;
  /** Makes the call. Never rejects. */
  readonly run: () => Promise<CallOutcome>;
  /** Whether anybody still waits for it, when its turn has come. */
  readonly isWanted: () => boolean;
  /** It will not be made. */
  readonly turnedAway: (why: TurnedAway) => void;
}

/** A call that waits its turn. */
export interface Turn {
  /** It was asked for again, with this standing: it goes before what was asked for once. */
  readonly askedAgain: (standing: Standing) => void;
  /** It is not wanted any more. */
  readonly leave: () => void;
}

/** How much the API is asked, whatever is wanted of it. */
export interface ThrottleLimits {
  /** Calls under way at once. */
  readonly maxInFlight: number;
  /** Of them, about what may be made up. */
  readonly maxInFlightOf: Readonly<Record<'vouched' | 'unknown', number>>;
  /** Calls in all. */
  readonly calls: Rate;
  /** Calls about what may be made up that find nothing, for each standing; what they find was not made up. */
  readonly misses: Rate;
  /** Calls that wait. */
  readonly maxWaiting: number;
}

/**
 * Lets calls through to the API, so many at once and so many a second: known ones first, then unknown ones, of which those
 * wait that ask for nothing but what does not exist. While the API asks to be left alone unknown ones wait, and known ones
 * are asked about one at a time.
 */
export interface Throttle {
  /** `ahead`: it was turned away before. */
  readonly submit: (call: ThrottledCall, standing: Standing, ahead: boolean) => Turn;
  /** How long unknown ones wait until the API may be asked again (ms). */
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

const STANDINGS = ['known', 'vouched', 'unknown', 'refresh'] as const satisfies readonly Standing[];
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

interface Lane {
  readonly queue: FairQueue<Waiting>;
  readonly mostInFlight: number;
  /** Absent where nothing is made up. */
  readonly misses: TokenBucket | undefined;
  inFlight: number;
}

/** A throttle through which nothing goes yet. */
export function createThrottle(clock: Clock, limits: ThrottleLimits): Throttle {
  const { maxInFlight, maxInFlightOf, maxWaiting } = limits;
  function newLane(mostInFlight = maxInFlight, misses?: TokenBucket): Lane {
    return { queue: createFairQueue(), mostInFlight, misses, inFlight: 0 };
  }
  const lanes: Readonly<Record<Standing, Lane>> = {
    known: newLane(),
    vouched: newLane(maxInFlightOf.vouched, createTokenBucket(clock, limits.misses)),
    unknown: newLane(maxInFlightOf.unknown, createTokenBucket(clock, limits.misses)),
    refresh: newLane(),
  };
  const calls = createTokenBucket(clock, limits.calls);
  const timers = inBackground(clock);
  const state = { pausedUntil: 0, nextWhilePaused: 0, isClosed: false };
  let cancelTimer = (): void => undefined;

  function pausedMs(): number {
    return Math.max(0, state.pausedUntil - clock.now());
  }

  function inFlight(): number {
    return STANDINGS.reduce((sum, standing) => sum + lanes[standing].inFlight, 0);
  }

  function waiting(): number {
    return STANDINGS.reduce((sum, standing) => sum + lanes[standing].queue.size, 0);
  }

  /** How long until a call of this standing may be made (ms); `Infinity` when the end of another one decides. */
  function waitMs(standing: Standing): number {
    const lane = lanes[standing];
    if (lane.queue.size === 0 || lane.inFlight >= lane.mostInFlight) return Infinity;
    const untilCall = lane.misses?.waitMs() ?? 0;
    const paused = pausedMs();
    if (standing === 'unknown' || paused === 0) return Math.max(paused, untilCall);
    return Math.max(0, state.nextWhilePaused - clock.now(), untilCall);
  }

  function startNext(): void {
    cancelTimer();
    while (inFlight() < maxInFlight) {
      const waits = STANDINGS.map((standing) => [standing, waitMs(standing)] as const);
      const next = calls.waitMs() === 0 ? waits.find(([, ms]) => ms === 0) : undefined;
      if (next === undefined) {
        const soonest = Math.max(calls.waitMs(), Math.min(...waits.map(([, ms]) => ms)));
        if (soonest < Infinity)
          cancelTimer = detached(() => timers.after(Math.max(1, soonest), startNext));
        return;
      }
      const first = lanes[next[0]].queue.shift();
      if (first?.call.isWanted() === true) start(first);
      else first?.call.turnedAway('unwanted');
    }
  }

  function start({ call, standing }: Waiting): void {
    const lane = lanes[standing];
    lane.inFlight += 1;
    lane.misses?.take();
    calls.take();
    state.nextWhilePaused = clock.now() + PAUSED_INTERVAL_MS;
    // Whoever's request makes room for it, it is not that request's.
    const running = detached(() => call.run());
    void running.then(({ result, pauseMs = 0 }) => {
      lane.inFlight -= 1;
      if (result === 'found') lane.misses?.giveBack();
      if (pauseMs > 0) state.pausedUntil = Math.max(state.pausedUntil, clock.now() + pauseMs);
      startNext();
    });
  }

  /** Unknown ones go first, then whoever has something to look at already. */
  function dropOne(): void {
    const order = ['unknown', 'refresh', 'vouched', 'known'] as const;
    const crowded = order.find((standing) => lanes[standing].queue.size > 0);
    if (crowded !== undefined)
      lanes[crowded].queue
        .dropFromLongest()
        ?.call.turnedAway(state.isClosed ? 'closed' : 'crowded');
  }

  return {
    submit(call, standing, ahead) {
      const place: Waiting = { call, standing };
      lanes[standing].queue.push(call.client, place, ahead);
      if (state.isClosed || waiting() > maxWaiting) dropOne();
      startNext();
      const leave = (): boolean => lanes[place.standing].queue.remove(call.client, place);
      return {
        askedAgain(now) {
          if (!leave()) return;
          // What was unknown may be known by now, and stays it.
          if (place.standing === 'unknown' || now === 'known') place.standing = now;
          lanes[place.standing].queue.push(call.client, place, true);
          startNext();
        },
        leave() {
          if (!leave()) return;
          call.turnedAway('unwanted');
          startNext();
        },
      };
    },
    pausedMs,
    inFlight,
    waiting,
    close() {
      state.isClosed = true;
      cancelTimer();
      while (waiting() > 0) dropOne();
    },
  };
}
