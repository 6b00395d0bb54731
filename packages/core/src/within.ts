import type { Clock } from './clock.js';

/** How long something may take, by which clock, and the error when it takes longer. */
export interface TimeLimit {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly late: () => Error;
}

/** Settles as `work` does, or rejects once its time is up; `work` then goes on unwatched. Leaves no timer behind. */
export async function within<T>(
  { clock, timeoutMs, late }: TimeLimit,
  work: () => Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const cancel = clock.after(timeoutMs, () => {
      reject(late());
    });
    function fail(error: unknown): void {
      cancel();
      reject(error);
    }
    try {
      work().then((value) => {
        cancel();
        resolve(value);
      }, fail);
    } catch (error) {
      // What a merchant wrote without async may throw at once.
      fail(error);
    }
  });
}
