const ignore = () => undefined;

/**
 * What the merchant's own database keeps of an event: a row in `table`, in one transaction with the delivery's
 * completion. The table has no unique key on purpose: a second row would stay and be counted.
 */
export function createEffect(pool, table) {
  if (table === undefined) return async () => undefined;
  const insert = `INSERT INTO ${table} (key, attempt, pid) VALUES ($1, $2, $3)`;
  return async ({ key }, context) => {
    const tx = await pool.connect();
    let broken;
    // The pool listens only to idle clients: one that dies while it is out would end the process.
    tx.on('error', ignore);
    try {
      await tx.query('BEGIN');
      await tx.query(insert, [key, context.attempt, process.pid]);
      await context.completeWithin(tx);
      await tx.query('COMMIT');
    } catch (error) {
      await tx.query('ROLLBACK').catch((failure) => (broken = failure));
      throw error;
    } finally {
      tx.off('error', ignore);
      tx.release(broken);
    }
  };
}
