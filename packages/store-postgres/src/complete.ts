import { groupCommit } from '@qbitflow/core';
import type { Claim, ClaimOutcome, DurableStore, Progress } from '@qbitflow/core';
import { namesJson, withNames } from './claim.js';
import type { Database, Value } from './database/database.js';
import { numberOf } from './database/row.js';

interface Completion extends Progress {
  readonly claim: Claim;
}

/** running → done. Completions that arrive while one statement is in flight go together in the next. */
export function complete(database: Database): DurableStore['complete'] {
  const text = statement(database.names.deliveries);
  const submit = groupCommit(async (group: readonly Completion[]) => {
    const rows = await database.run({
      action: 'complete',
      text,
      values: columnsOf(group),
      lane: 'work',
    });
    const completed = new Set(rows.map((row) => numberOf(row, 'ord')));
    return group.map((_completion, index): ClaimOutcome =>
      completed.has(index + 1) ? 'ok' : 'lost',
    );
  });
  return async (claim, { succeeded }) => submit({ claim, succeeded });
}

function columnsOf(group: readonly Completion[]): Value[] {
  return [
    group.map(({ claim }) => claim.key),
    group.map(({ claim }) => claim.token),
    group.map(({ succeeded }) => namesJson(succeeded)),
  ];
}

function statement(deliveries: string): string {
  return `UPDATE ${deliveries} SET state = 'done', at = now(), token = NULL, finished = started,
  succeeded = ${withNames('claim.names')}
FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS claim(claimed, held_by, names, ord)
WHERE key = claimed AND token = held_by AND state = 'running'
RETURNING claim.ord`;
}
