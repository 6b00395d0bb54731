import { setImmediate as nextTurn } from 'node:timers/promises';

/** Lets everything that waits for no timer run: answers, wake-ups, takes, handlers. */
export async function settle(turns = 10): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await nextTurn();
}
