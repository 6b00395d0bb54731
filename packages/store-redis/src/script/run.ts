import type { Clock } from '@qbitflow/core';
import type { RedisArgument } from '../client/client-types.js';
import type { RedisConnection } from '../client/connection.js';
import { bounded } from './bounded.js';
import type { Script } from './script.js';
import { unavailable } from './unavailable.js';

/** Runs one script: resolves with its reply, or rejects with `store_unavailable`, always within the bound. */
export type Run = (
  script: Script,
  args: readonly RedisArgument[],
  onLate?: (reply: unknown) => void,
) => Promise<unknown>;

/** Where and how long scripts run. */
export interface RunOptions {
  readonly connection: RedisConnection;
  /** The store's base key, `{prefix}:`. */
  readonly base: string;
  /** Where scripts publish that something became due. */
  readonly channel: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** Runs scripts by their SHA, and by their text where Redis does not know them (any more). */
export function scriptRunner({ connection, base, channel, timeoutMs, clock }: RunOptions): Run {
  async function evaluate({ text, sha }: Script, args: readonly RedisArgument[]): Promise<unknown> {
    const withChannel = [...args, channel];
    try {
      return await connection.evalsha(sha, base, withChannel);
    } catch (error) {
      if (!isUnknownScript(error)) throw error;
      return connection.eval(text, base, withChannel);
    }
  }

  return async (script, args, onLate) => {
    try {
      return await bounded(evaluate(script, args), { timeoutMs, clock, onLate });
    } catch (error) {
      throw unavailable(error);
    }
  };
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
