import { asError, type Clock } from '@qbitflow/core';
import type { RedisArgument } from '../client/client-types.js';
import type { RedisConnection } from '../client/connection.js';
import { bounded } from './bounded.js';
import { UNPREPARED } from './prelude.js';
import type { Script } from './script.js';
import { unavailable } from './unavailable.js';

/** Runs one script: resolves with its reply, or rejects with `store_unavailable`, always within the bound. */
export type Run = (
  script: Script,
  args: readonly RedisArgument[],
  onLate?: (reply: unknown) => void,
) => Promise<unknown>;

/** Runs one script for as long as it takes, and rejects with what the library rejects with. */
export type Evaluate = (script: Script, args: readonly RedisArgument[]) => Promise<unknown>;

/** Where and how long scripts run. */
export interface RunOptions {
  readonly evaluate: Evaluate;
  /** Makes the store's data what scripts expect. */
  readonly prepare: (evaluate: Evaluate) => Promise<void>;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** Runs scripts, and prepares the data where that has not been done: by nobody yet, or for a server that lost it. */
export function scriptRunner({ evaluate, prepare, timeoutMs, clock }: RunOptions): Run {
  async function attempt(script: Script, args: readonly RedisArgument[]): Promise<unknown> {
    try {
      return await evaluate(script, args);
    } catch (error) {
      if (!startsWith(UNPREPARED, error)) throw error;
      await prepare(evaluate);
      return evaluate(script, args);
    }
  }

  return async (script, args, onLate) => {
    try {
      return await bounded(attempt(script, args), { timeoutMs, clock, onLate });
    } catch (error) {
      throw unavailable(error);
    }
  };
}

/** Where scripts work. */
export interface Place {
  readonly connection: RedisConnection;
  /** The store's base key, `{prefix}:`. */
  readonly base: string;
  /** Where scripts publish that something became due. */
  readonly channel: string;
}

/** Runs scripts by their SHA, and by their text where Redis does not know them (any more). */
export function scriptEvaluator({ connection, base, channel }: Place): Evaluate {
  return async ({ text, sha }, args) => {
    const withChannel = [...args, channel];
    try {
      return await connection.evalsha(sha, base, withChannel);
    } catch (error) {
      if (!startsWith('NOSCRIPT', error)) throw error;
      return connection.eval(text, base, withChannel);
    }
  };
}

function startsWith(word: string, error: unknown): boolean {
  return asError(error).message.startsWith(word);
}
