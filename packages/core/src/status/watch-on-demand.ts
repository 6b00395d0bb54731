import type { OnDemand } from '../on-demand.js';
import type { WatchStatus } from './watch-status.js';

type Watching = ReturnType<WatchStatus>;

const OVER = Object.freeze({ done: true, value: undefined });

/** {@link WatchStatus}, loaded with the first step of the first iterator: nothing is asked before that. */
export function watchOnDemand(load: OnDemand<WatchStatus>): WatchStatus {
  return (reference, options) => {
    let watching: Promise<Watching> | undefined;
    let isOver = false;

    /** Steps that are awaited end at once, also while it is being loaded. */
    async function end(): Promise<void> {
      isOver = true;
      await watching?.then(
        async (iterator) => iterator.return?.(),
        () => undefined,
      );
    }

    const iterator: Watching = {
      async next() {
        if (isOver) return OVER;
        watching ??= load().then((watchStatus) => watchStatus(reference, options));
        try {
          return await (await watching).next();
        } catch (error) {
          isOver = true;
          throw error;
        }
      },
      async return() {
        await end();
        return OVER;
      },
      async throw(error) {
        await end();
        throw error;
      },
      [Symbol.asyncIterator]: () => iterator,
    };
    return Object.assign(iterator, { [Symbol.asyncDispose]: end });
  };
}
