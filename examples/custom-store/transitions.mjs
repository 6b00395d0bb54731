// What a taker does with what it holds. Each is one update of one row, refused (`lost`) once somebody else has it.
import { QBitFlowError } from '@qbitflow/core';
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

const YEAR_MS = 365 * 86_400_000;

/** A wait in ms; what is no number, or too long a one, must not put a delivery off for ever. */
export function waitMs(value) {
  if (value <= 100 * YEAR_MS) return Math.max(0, value);
  throw odd(value, 'a number of ms of at most a hundred years');
}

/** An age in ms: nothing is older than `Infinity`. */
export function ageMs(value) {
  if (value >= 0) return value;
  throw odd(value, 'a number of ms');
}

function startsOf(value) {
  if (value === undefined || (Number.isInteger(value) && value >= 0)) return value;
  throw odd(value, 'a number of starts');
}

function odd(value, expected) {
  return new QBitFlowError('misconfigured', `${value} is not ${expected}: nothing was changed`);
}

export function transitionsOf(table) {
  async function held({ key, token }, changesOf) {
    const isHeld = (row) => row.state === 'running' && row.token === token;
    return (await change(table, key, isHeld, changesOf)) ? 'ok' : 'lost';
  }

  const ended = (row, { succeeded }) => ({
    at: now(),
    finished: row.started,
    unfinished: false,
    succeeded: addNames(row, succeeded),
  });

  return {
    async extend(claim, { leaseMs, succeeded, start }) {
      const lease = waitMs(leaseMs);
      const started = startsOf(start);
      return held(claim, (row) => ({
        at: now() + lease,
        notBefore: now() + lease,
        succeeded: addNames(row, succeeded),
        started: started ?? row.started,
      }));
    },
    complete: async (claim, progress) =>
      held(claim, (row) => ({ ...ended(row, progress), state: 'done' })),
    bury: async (claim, options) =>
      held(claim, (row) => ({
        ...ended(row, options),
        state: 'dead',
        lastError: storable(options.error),
      })),
    async retry(claim, { delayMs, error, succeeded, counted = true }) {
      const wait = waitMs(delayMs);
      return held(claim, (row) => ({
        state: 'due',
        at: now() + wait,
        // Only a real wait looks at the clock, which may step back.
        notBefore: wait === 0 ? 0 : now() + wait,
        lastError: storable(error),
        succeeded: addNames(row, succeeded),
        ...(counted
          ? { finished: row.started, unfinished: false }
          : { started: row.startedBefore, unfinished: row.startedBefore > row.finished }),
      }));
    },
  };
}
