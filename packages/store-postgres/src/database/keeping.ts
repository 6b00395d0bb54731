import type { PoolHolder } from './pool-holder.js';

/** Keeps clients of the pool from the first `begin` to the first `end`. */
export interface Keeping {
  begin(): Promise<void>;
  end(): Promise<void>;
}

/** Keeps nothing yet. */
export function keepOnce({ keep }: PoolHolder): Keeping {
  let letGo: Promise<() => void> | undefined;
  let ended = false;
  return {
    async begin() {
      if (ended) return;
      letGo ??= keep();
      await letGo;
    },
    async end() {
      ended = true;
      const release = await letGo?.catch(() => undefined);
      release?.();
    },
  };
}
