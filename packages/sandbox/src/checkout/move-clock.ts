import { setImmediate as nextTurn } from 'node:timers/promises';
import { inBackground, sleep, systemClock } from '@qbitflow/core';
import type { SandboxState } from '../state/sandbox-state.js';

/** How long a shop may take to answer before a move of the clock goes on without it, in ms of real time. */
const PATIENCE_MS = 3_000;

/**
 * Moves the sandbox's time by `ms`; what is due on the way happens in its order, each at its own time, and waits for the
 * shop's answers to what happened before. A shop that once takes more than three seconds is not waited for again.
 */
export async function moveClock(state: SandboxState, ms: number): Promise<void> {
  let isPatient = true;
  await state.settings.clock.advance(ms, async () => {
    await nextTurn();
    while (isPatient && state.attempting.size > 0) {
      isPatient = await answeredInTime(state);
      // What follows from an answer, a further attempt perhaps, follows in promise callbacks.
      await nextTurn();
    }
  });
}

/** Whether the attempts under way are answered soon. The shop is real, and so is the time that it takes. */
async function answeredInTime({ attempting }: SandboxState): Promise<boolean> {
  const tooLate = new AbortController();
  const answered = Promise.allSettled(attempting).then(() => true);
  const patience = sleep(inBackground(systemClock), PATIENCE_MS, tooLate.signal).then(() => false);
  try {
    return await Promise.race([answered, patience]);
  } finally {
    tooLate.abort();
  }
}
