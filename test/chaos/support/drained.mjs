/** Whether nothing is due or running any more, with `total` deliveries in the store. */
export async function isDrained(store, total) {
  const { due, running, done, dead } = await store.stats();
  return due === 0 && running === 0 && done + dead === total && (await hasNoRetry(store));
}

/** A retry that still waits is not counted as due. */
async function hasNoRetry(store) {
  const { items } = await store.list({ state: 'due', limit: 1 });
  return items.length === 0;
}
