import type { Claim, DurableStore } from '@qbitflow/core';

/** A counter in the process as the token: two processes give out the same ones. */
export function countsTokensPerConnection(tokens: Map<string, string>) {
  return (store: DurableStore): DurableStore => {
    let count = 0;
    const known = ({ key, token }: Claim): Claim => {
      const [shown, real] = tokens.get(key)?.split(' ') ?? [];
      return { key, token: shown === token && real !== undefined ? real : token };
    };
    return {
      ...store,
      async takeDue(options) {
        const taken = await store.takeDue(options);
        return taken.map((one) => {
          count += 1;
          const token = `n${count}`;
          tokens.set(one.key, `${token} ${one.token}`);
          return { ...one, token };
        });
      },
      extend: async (claim, options) => store.extend(known(claim), options),
      complete: async (claim, progress) => store.complete(known(claim), progress),
      retry: async (claim, options) => store.retry(known(claim), options),
      bury: async (claim, options) => store.bury(known(claim), options),
      completeWithin: async (tx, claim, options) =>
        (await store.completeWithin?.(tx, known(claim), options)) ?? 'lost',
    };
  };
}
