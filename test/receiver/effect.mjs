/**
 * What the merchant's own database keeps of an event: a row in `table`, in one transaction with the delivery's
 * completion. The table has no unique key on purpose: a second row would stay and be counted.
 */
export function createEffect(table) {
  if (table === undefined) return async () => undefined;
  const insert = `INSERT INTO ${table} (key, attempt, pid) VALUES ($1, $2, $3)`;
  return async ({ key }, context) => {
    const { withTransaction } = await import('@qbitflow/store-postgres');
    await withTransaction(context, async (tx) => {
      await tx.query(insert, [key, context.attempt, process.pid]);
    });
  };
}
