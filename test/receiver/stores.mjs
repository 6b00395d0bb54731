/** What `--store` may be, and what opens it: only the chosen one is loaded. */
const STORES = [
  { pattern: /^memory$/, load: async () => import('./stores/memory.mjs') },
  { pattern: /^sqlite:.+/, load: async () => import('./stores/sqlite.mjs') },
  { pattern: /^rediss?:\/\//, load: async () => import('./stores/redis.mjs') },
  { pattern: /^postgres(ql)?:\/\//, load: async () => import('./stores/postgres.mjs') },
];

/** Whether there is a store for this value. */
export function isSupportedStore(value) {
  return STORES.some(({ pattern }) => pattern.test(value));
}

/** `{ store, release() }` for a supported value; `release` lets go of the merchant's own client. */
export async function openStore(value) {
  const { load } = STORES.find(({ pattern }) => pattern.test(value));
  const { openStore: open } = await load();
  return open(value);
}
