import type { CancelTimer, Clock } from '@qbitflow/core';
import { CheckoutError } from './errors.js';

/** RFC 3339 text, as v2 writes its timestamps, of milliseconds since 1970. */
export function rfc3339(ms: number): string {
  return new Date(ms).toISOString();
}

/** A day in ms. */
export const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;
/** How far the clock moves at once, and in all: dates stay ones that every receiver can read. */
const LONGEST_MOVE_MS = 10 * YEAR_MS;
const FARTHEST_MS = 100 * YEAR_MS;
/** How many things happen in one move: a bill every five minutes would keep a move of years busy for hours. */
const MOST_STEPS = 20_000;

/** The sandbox's time: that of the clock underneath, and what it was moved ahead of it. */
export interface MovableClock extends Clock {
  /** The clock underneath, by which shops check signatures and networks time out: it is never moved. */
  readonly machine: Clock;
  /** How far it is ahead of the clock underneath, in ms. */
  readonly aheadMs: () => number;
  /**
   * Moves it by `ms`: what is due on the way happens in its order, each at its own time. Time stands still in between,
   * while `settle` lets the consequences happen. Rejects for a length
   * that cannot be, while it is being moved, and where too much happens on the way: it then stands where it came to.
   */
  readonly advance: (ms: number, settle: () => Promise<void>) => Promise<void>;
}

interface Timer {
  readonly dueAt: number;
  readonly callback: () => void;
  /** Takes it back from the clock underneath. */
  disarm: CancelTimer;
}

/** A clock that has not been moved yet. */
export function movableClock(machine: Clock): MovableClock {
  /** In the order they were set, so that timers due together fire in it. */
  const waiting = new Set<Timer>();
  let aheadMs = 0;
  /** While it is moved, time is what the move has come to. */
  let movedTo: number | undefined;

  const now = (): number => movedTo ?? machine.now() + aheadMs;

  function arm(timer: Timer): void {
    timer.disarm = machine.after(timer.dueAt - now(), () => {
      // What comes due while the clock is moved is the move's to fire, in its order.
      if (movedTo === undefined) fire(timer);
    });
  }

  function fire(timer: Timer): void {
    timer.disarm();
    waiting.delete(timer);
    timer.callback();
  }

  function after(delayMs: number, callback: () => void): CancelTimer {
    const timer: Timer = { dueAt: now() + Math.max(0, delayMs), callback, disarm: () => undefined };
    waiting.add(timer);
    if (movedTo === undefined) arm(timer);
    return () => {
      timer.disarm();
      waiting.delete(timer);
    };
  }

  function nextDueBy(endMs: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of waiting)
      if (timer.dueAt <= endMs && (next === undefined || timer.dueAt < next.dueAt)) next = timer;
    return next;
  }

  async function advance(ms: number, settle: () => Promise<void>): Promise<void> {
    checkMove(ms, aheadMs);
    if (movedTo !== undefined)
      throw new CheckoutError('not_possible', 'the clock is being moved: wait until it is there');
    const startMs = now();
    movedTo = startMs;
    try {
      await fireUntil(startMs + ms, settle);
    } finally {
      aheadMs += movedTo - startMs;
      movedTo = undefined;
      for (const timer of waiting) {
        timer.disarm();
        arm(timer);
      }
    }
  }

  async function fireUntil(endMs: number, settle: () => Promise<void>): Promise<void> {
    await settle();
    let steps = 0;
    for (let next = nextDueBy(endMs); next !== undefined; next = nextDueBy(endMs)) {
      steps += 1;
      if (steps > MOST_STEPS) throw tooMuch(now());
      movedTo = Math.max(now(), next.dueAt);
      fire(next);
      await settle();
    }
    movedTo = endMs;
  }

  return { machine, now, after, aheadMs: () => aheadMs, advance };
}

function checkMove(ms: number, aheadMs: number): void {
  if (!Number.isInteger(ms) || ms < 0 || ms > LONGEST_MOVE_MS)
    throw new CheckoutError(
      'invalid_input',
      `the clock is moved by a whole number of ms from 0 to ${LONGEST_MOVE_MS} (10 years), not ${String(ms)}`,
    );
  if (aheadMs + ms > FARTHEST_MS)
    throw new CheckoutError(
      'invalid_input',
      'the clock is moved 100 years ahead at most: start another sandbox',
    );
}

function tooMuch(reachedMs: number): Error {
  return new CheckoutError(
    'not_possible',
    `the clock stopped at ${rfc3339(reachedMs)}: more than ${MOST_STEPS} things were due on the way; move it again to go on`,
  );
}
