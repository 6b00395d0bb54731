// What a taker does with what it holds. Each is one update of one row, refused (`lost`) once somebody else has it.
import { addNames, now, storable } from './rows.mjs';

/**
 * Optimistic locking: read, then write if nobody wrote meanwhile, else again. Resolves with whether the row was
 * `allowed` to change.
 */
export async function change(table, key, allowed, changesOf) {
  for (;;) {
    const [row] = await table.find({ key });
    if (row === undefined || !allowed(row)) return false;
    if (await write(table, row, changesOf(row))) return true;
  }
}

/** Compare and set: `false` when the row is not as it was read. */
export async function write(table, { key, revision }, changes) {
  return (await table.update({ key, revision }, { ...changes, revision: revision + 1 })) === 1;
}

export function transitionsOf(table) {
  async function held({ key, token }, changesOf) {
    const isHeld = (row) => row.state === 'running' && row.token === token;
    return (await change(table, key, isHeld, changesOf)) ? 'ok' : 'lost';
  }

  const ended = (row, { succeeded }) => ({
    at: now(),
    finished: row.started,
    succeeded: addNames(row, succeeded),
  });

  return {
    extend: async (claim, { leaseMs, succeeded, start = false }) =>
      held(claim, (row) => ({
        at: now() + leaseMs,
        succeeded: addNames(row, succeeded),
        started: row.started + (start ? 1 : 0),
        startsCounted: row.startsCounted + (start ? 1 : 0),
      })),
    complete: async (claim, progress) =>
      held(claim, (row) => ({ ...ended(row, progress), state: 'done' })),
    bury: async (claim, options) =>
      held(claim, (row) => ({
        ...ended(row, options),
        state: 'dead',
        lastError: storable(options.error),
      })),
    retry: async (claim, { delayMs, error, succeeded, counted = true }) =>
      held(claim, (row) => ({
        state: 'due',
        at: now() + delayMs,
        lastError: storable(error),
        succeeded: addNames(row, succeeded),
        ...(counted ? { finished: row.started } : { started: row.started - row.startsCounted }),
      })),
  };
}
