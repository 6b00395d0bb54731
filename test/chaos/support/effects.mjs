/** The merchant's own table, without a unique key: what was written twice is there twice. */
export async function createEffects({ pool, name }) {
  const table = `public.${name.replace(/\d/g, (digit) => 'abcdefghij'[digit])}_effects`;
  await pool.query(`CREATE TABLE ${table} (key text, attempt int, pid int)`);
  return {
    table,
    /** What SQL counts that is not each effect exactly once. */
    async broken(events) {
      const { rows } = await pool.query(
        `SELECT e.key, count(t.key)::int AS times FROM unnest($1::text[]) AS e(key)
         LEFT JOIN ${table} t ON t.key = e.key GROUP BY e.key HAVING count(t.key) <> 1`,
        [events.map(({ key }) => key)],
      );
      const { rows: totals } = await pool.query(`SELECT count(*)::int AS total FROM ${table}`);
      const [{ total }] = totals;
      return [
        ...rows.map(({ key, times }) => `${key} has ${times} effects in the merchant's table`),
        ...(total === events.length ? [] : [`${total} effects for ${events.length} events`]),
      ];
    },
  };
}
