import type { Clock } from '@qbitflow/core';
import { timedOut } from './unavailable.js';

/** How long to wait, by which clock, and what to do with an answer that comes after that. */
export interface Bound<Reply> {
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly onLate?: ((reply: Reply) => void) | undefined;
}

/** Rejects with `store_unavailable` when `work` has not settled in time: clients queue commands for ever while offline. */
export async function bounded<Reply>(
  work: Promise<Reply>,
  { timeoutMs, clock, onLate }: Bound<Reply>,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let late = false;
    const cancel = clock.after(timeoutMs, () => {
      late = true;
      reject(timedOut(timeoutMs));
    });
    work.then(
      (reply) => {
        cancel();
        if (late) onLate?.(reply);
        else resolve(reply);
      },
      (error: unknown) => {
        cancel();
        reject(error);
      },
    );
  });
}
