import { asError, systemClock, withTimeout, type QBitFlowError } from '@qbitflow/core/store';
import type { RedisArgument } from './client-types.js';
import type { RedisConnection } from './client.js';
import { timedOut, unavailable } from './errors.js';
import type { RedisSettings } from './options.js';
import { prepare, UNPREPARED, type Evaluate, type Script } from './schema.js';

/** Runs one script: resolves with its reply, or rejects with `store_unavailable`, always within the bound. */
export type Run = (
  script: Script,
  args: readonly RedisArgument[],
  onLate?: (reply: unknown) => void,
) => Promise<unknown>;

/**
 * Runs scripts by their SHA, and by their text where Redis does not know them (any more). Prepares the data where that
 * has not been done: because the store is new, or for a server that lost it.
 */
export function scriptRunner(
  connection: RedisConnection,
  { base, channel, timeoutMs }: RedisSettings,
): Run {
  const evaluate: Evaluate = async ({ text, sha }, args) => {
    const withChannel = [...args, channel];
    try {
      return await connection.evalsha(sha, base, withChannel);
    } catch (error) {
      if (!startsWith('NOSCRIPT', error)) throw error;
      return connection.eval(text, base, withChannel);
    }
  };

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
      return await withReplyTimeout(attempt(script, args), timeoutMs, onLate);
    } catch (error) {
      throw unavailable(error);
    }
  };
}

function startsWith(word: string, error: unknown): boolean {
  return asError(error).message.startsWith(word);
}

/**
 * Rejects with `store_unavailable` when `work` has not settled in time: clients queue commands forever while offline. `onLate` is called
 * with an answer that comes after that.
 */
export async function withReplyTimeout<Reply>(
  work: Promise<Reply>,
  timeoutMs: number,
  onLate?: (reply: Reply) => void,
): Promise<Reply> {
  let isLate = false;
  function late(): QBitFlowError {
    isLate = true;
    return timedOut(timeoutMs);
  }
  return withTimeout({ clock: systemClock, timeoutMs, late }, async () => {
    const reply = await work;
    if (isLate) onLate?.(reply);
    return reply;
  });
}

/** Deliveries one script changes: more would keep every other client waiting. */
const CHUNK = 100;

/** Does up to `limit` of something in short scripts, until one did less than it could; resolves with how many. */
export async function inChunks(
  limit: number,
  work: (most: number) => Promise<number>,
): Promise<number> {
  let done = 0;
  for (let full = true; full && done < limit;) {
    const most = Math.min(CHUNK, limit - done);
    // oxlint-disable-next-line no-await-in-loop -- one short script at a time is the point
    const some = await work(most);
    done += some;
    full = some === most;
  }
  return done;
}
