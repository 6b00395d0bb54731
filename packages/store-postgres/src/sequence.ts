import type { Database } from './database/database.js';

/**
 * After a restore the sequence may stand below the rows that were brought back: each number would be refused once.
 * Counts it up, which needs no more rights than using it does.
 */
export async function catchUp(database: Database): Promise<void> {
  const { sequence, deliveries } = database.names;
  const text = `WITH highest AS MATERIALIZED (SELECT max(seq) AS seq FROM ${deliveries}),
here AS MATERIALIZED (SELECT nextval('${sequence}') AS seq)
SELECT count(nextval('${sequence}')) FROM highest, here, generate_series(here.seq + 1, highest.seq)`;
  await database.run({ action: 'count the order of recording up', text, values: [] });
}
