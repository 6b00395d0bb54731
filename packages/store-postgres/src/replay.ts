import type { DurableStore } from '@qbitflow/core';
import type { Database } from './database/database.js';
import { textOf } from './database/row.js';
import type { DueNews } from './notify/due-news.js';
import { notifySubjects } from './notify/payload.js';

/** dead or done → due now, counters at zero; successes are remembered for a dead letter and forgotten for a done one. */
export function replay(database: Database, news: DueNews): DurableStore['replay'] {
  const { deliveries, channel } = database.names;
  const text = `WITH changed AS (
  UPDATE ${deliveries} SET state = 'due', at = now(), ready_at = now(), due_since = now(), token = NULL,
    started = 0, finished = 0, counted = 0, unhandled = false,
    succeeded = CASE WHEN state = 'done' THEN '{}' ELSE succeeded END
  WHERE key = $1 AND state IN ('dead', 'done') RETURNING subject
), told AS (
  ${notifySubjects('SELECT subject FROM changed', '$2', '$3')}
)
SELECT subject, (SELECT count(*) FROM told) AS told FROM changed`;
  return async (key) => {
    const values = [key, channel, news.origin];
    const rows = await database.run({ action: 'replay', text, values });
    news.tell(rows.map((row) => ({ subject: textOf(row, 'subject') })));
    return rows.length > 0;
  };
}
