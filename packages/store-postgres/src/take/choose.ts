import { LANE, OPEN, SOUND_LANES, SUSPECT_LANES } from '../schema/lane.js';
import type { Names } from '../schema/names.js';

/** Placeholders of the statement that chooses. */
export interface ChoosePlaceholders {
  readonly types: string;
  readonly exceptSubjects: string;
  /** How many a lane gives at most. */
  readonly steps: string;
  readonly lapsedLimit: string;
}

const SUSPECT = `IN (${SUSPECT_LANES.join(', ')})`;
const SOUND = `IN (${SOUND_LANES.join(', ')})`;
const EVERY_LANE = [...SOUND_LANES, ...SUSPECT_LANES].join(', ');

/**
 * SQL of CTEs of which the last, `chosen`, has the rows that may be taken: of each subject the oldest. Every lane of
 * every type is walked along its index from the oldest on, and each step skips the subjects that were met before:
 * piles of other types, of later times and of other takers are never touched.
 */
export function chooseDue(
  { deliveries, leases }: Names,
  only: boolean,
  { types, exceptSubjects, steps, lapsedLimit }: ChoosePlaceholders,
): string {
  const step = (
    after: string,
    met: string,
  ): string => `SELECT d.key, d.subject, d.at, d.seq, d.token, ${met}
      FROM ${deliveries} d
      WHERE ${LANE} = lanes.lane AND d.type = lanes.type AND ${OPEN} AND d.at <= lanes.until
        AND d.subject <> ALL (${exceptSubjects}::text[]) ${after}
        AND (lanes.lane < 4 OR NOT EXISTS (
          SELECT FROM ${leases} l WHERE l.key = d.key AND l.token = d.token AND l.until > now()))
      ORDER BY d.at, d.seq LIMIT 1`;
  return `${only ? wantedLanes(types) : otherLanes(deliveries, types)}, lanes AS MATERIALIZED (
  SELECT lane, type, CASE WHEN lane < 2 THEN 'infinity' ELSE now() END AS until FROM wanted
  WHERE lane ${SOUND} OR ${lapsedLimit}::int > 0
), walked AS MATERIALIZED (
  SELECT lanes.lane, walk.* FROM lanes CROSS JOIN LATERAL (
    WITH RECURSIVE walk AS (
      (${step('', 'ARRAY[d.subject] AS met')})
      UNION ALL
      SELECT next.* FROM walk CROSS JOIN LATERAL (
        ${step('AND (d.at, d.seq) > (walk.at, walk.seq) AND d.subject <> ALL (walk.met)', 'walk.met || d.subject')}
      ) next WHERE cardinality(walk.met) < ${steps}::int
    ) SELECT key, subject, at, seq, token FROM walk
  ) walk
), suspects AS (
  SELECT * FROM (
    SELECT DISTINCT ON (subject) * FROM walked WHERE lane ${SUSPECT} ORDER BY subject, at, seq
  ) oldest ORDER BY at, seq LIMIT ${lapsedLimit}::int
), chosen AS MATERIALIZED (
  SELECT DISTINCT ON (subject) * FROM (
    SELECT * FROM walked WHERE lane ${SOUND} UNION ALL SELECT * FROM suspects
  ) candidates ORDER BY subject, at, seq
)`;
}

function wantedLanes(types: string): string {
  return `wanted AS (
  SELECT lane, type FROM (SELECT DISTINCT unnest(${types}::text[]) AS type) t CROSS JOIN unnest(ARRAY[${EVERY_LANE}]) AS lane
)`;
}

/** The lanes there are, one index probe each. */
function otherLanes(deliveries: string, types: string): string {
  const first = (after: string): string =>
    `SELECT ${LANE} AS lane, type FROM ${deliveries} WHERE ${OPEN} ${after} ORDER BY 1, 2 LIMIT 1`;
  return `there AS (
  (${first('')})
  UNION ALL
  SELECT next.* FROM there CROSS JOIN LATERAL (${first(`AND (${LANE}, type) > (there.lane, there.type)`)}) next
), wanted AS (
  SELECT lane, type FROM there WHERE type <> ALL (${types}::text[])
)`;
}
