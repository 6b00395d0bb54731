// Stands for the merchant's ORM, on a `pg` pool: what Prisma, Drizzle, Knex or TypeORM send for createMany with skipDuplicates,
// findMany, updateMany, deleteMany, count and groupBy.
const OPERATORS = {
  is: (at) => `= ${at}`,
  atMost: (at) => `<= ${at}`,
  below: (at) => `< ${at}`,
  oneOf: (at) => `= ANY (${at})`,
  noneOf: (at) => `<> ALL (${at})`,
};

const COLUMNS = `seq bigserial PRIMARY KEY, key text UNIQUE, subject text, id text, type text, version text,
  source text, raw bytea, headers json, "receivedAt" float8, webhook json, state text, at float8, "notBefore" float8,
  "recordedAt" float8, "dueSince" float8, token text, revision int, started int, "startedBefore" int, finished int,
  unfinished boolean, unhandled boolean, succeeded json, "lastError" text`;

const namesOf = (row) => Object.keys(row).map((column) => `"${column}"`);

export function postgresTable(pool, name) {
  /** `{ state: 'due', at: { atMost: 5 } }` as SQL; `values` gains what is compared with. What is undefined matches all. */
  function where(conditions, values) {
    const parts = Object.entries(conditions).flatMap(([column, wanted]) =>
      Object.entries(typeof wanted === 'object' ? wanted : { is: wanted })
        .filter(([, value]) => value !== undefined)
        .map(([test, value]) => `"${column}" ${OPERATORS[test](`$${values.push(value)}`)}`),
    );
    return parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`;
  }

  return {
    /** Creates the table unless it is there; the lock makes processes that start together take turns. */
    create: async () =>
      pool.query(`SELECT pg_advisory_xact_lock(hashtext('${name}'));
        CREATE TABLE IF NOT EXISTS ${name} (${COLUMNS});
        CREATE INDEX IF NOT EXISTS ${name}_due ON ${name} (state, type, at)`),
    /** Whether the row is new: `false` when its key is there already. */
    async insert(row) {
      const columns = namesOf(row);
      const marks = columns.map((_column, index) => `$${index + 1}`).join();
      const sql = `INSERT INTO ${name} (${columns.join()}) VALUES (${marks}) ON CONFLICT DO NOTHING`;
      return (await pool.query(sql, Object.values(row))).rowCount === 1;
    },
    async find(conditions, { order = 'seq', limit = 1 } = {}) {
      const values = [];
      const sql = `SELECT * FROM ${name} ${where(conditions, values)} ORDER BY ${order} LIMIT ${limit}`;
      return (await pool.query(sql, values)).rows;
    },
    /** Changes the rows that are as `conditions` say, in one atomic step; resolves with how many. */
    async update(conditions, changes) {
      const values = Object.values(changes);
      const set = namesOf(changes).map((column, index) => `${column} = $${index + 1}`);
      const sql = `UPDATE ${name} SET ${set.join()} ${where(conditions, values)}`;
      return (await pool.query(sql, values)).rowCount;
    },
    async remove(conditions) {
      const values = [];
      return (await pool.query(`DELETE FROM ${name} ${where(conditions, values)}`, values))
        .rowCount;
    },
    async count(conditions) {
      const values = [];
      const sql = `SELECT count(*)::int AS n FROM ${name} ${where(conditions, values)}`;
      return (await pool.query(sql, values)).rows[0].n;
    },
    async countBy(column) {
      const sql = `SELECT "${column}" AS value, count(*)::int FROM ${name} GROUP BY 1`;
      const { rows } = await pool.query(sql);
      return Object.fromEntries(rows.map(({ value, count }) => [value, count]));
    },
  };
}
