import { QBitFlowError } from '@qbitflow/core';

/** Names derived from one store's prefix. */
export interface Keys {
  /** Start of every key, with the hash tag that keeps them on one cluster node: `{prefix}:`. */
  readonly base: string;
  /** Pub/sub channel of due deliveries. */
  readonly channel: string;
}

/** The names of the store called `prefix`. Throws `misconfigured` for a prefix that would break the hash tag. */
export function keysOf(prefix: string): Keys {
  if (typeof prefix !== 'string' || prefix === '' || /[{}]/.test(prefix))
    throw new QBitFlowError(
      'misconfigured',
      `redisStore: the prefix ${JSON.stringify(prefix)} must be text, and must not be empty or contain braces: the store puts it in braces itself, {prefix}:`,
    );
  return { base: `{${prefix}}:`, channel: `{${prefix}}:hints` };
}
