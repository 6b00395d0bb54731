import type { DurableStore } from '@qbitflow/core';
import type { Database } from './database/database.js';
import { numberOf } from './database/row.js';
import { OPEN } from './schema/lane.js';
import { filterOf } from './type-filter.js';

/** Counts from the indexes alone. */
export function stats(database: Database): DurableStore['stats'] {
  const { deliveries } = database.names;
  const texts = {
    only: statement(deliveries, 'type <> ALL ($1::text[])'),
    except: statement(deliveries, 'type = ANY ($1::text[])'),
  };
  return async ({ handled } = {}) => {
    const { only, types } = filterOf(handled);
    const text = only ? texts.only : texts.except;
    const [row] = await database.run({ action: 'count', text, values: [types] });
    if (row === undefined) throw new Error('a count came back without a row');
    return {
      due: numberOf(row, 'due'),
      running: numberOf(row, 'running'),
      done: numberOf(row, 'done'),
      dead: numberOf(row, 'dead'),
      unhandled: numberOf(row, 'unhandled'),
      oldestDueAgeMs: numberOf(row, 'oldest_ms'),
    };
  };
}

function statement(deliveries: string, isUnhandled: string): string {
  return `SELECT count(*) FILTER (WHERE state = 'due') AS due, count(*) FILTER (WHERE state = 'running') AS running,
  (SELECT count(*) FROM ${deliveries} WHERE state = 'done') AS done,
  (SELECT count(*) FROM ${deliveries} WHERE state = 'dead') AS dead,
  (SELECT count(*) FROM ${deliveries} WHERE unhandled) + count(*) FILTER (WHERE state = 'due' AND ${isUnhandled}) AS unhandled,
  greatest(coalesce(floor(extract(epoch FROM now() - min(at) FILTER (WHERE state = 'due')) * 1000), 0), 0)::bigint AS oldest_ms
FROM ${deliveries} WHERE ${OPEN}`;
}
