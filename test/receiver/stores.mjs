import { memoryStore } from '@qbitflow/core';

/** What `--store` may be, and the store it makes. */
const STORES = [
  { pattern: /^memory$/, create: () => memoryStore() },
  // sqlite:<file>, redis://… and postgres://… get their line here, each with the package that brings it.
];

/** Whether there is a store for this value. */
export function isSupportedStore(value) {
  return STORES.some(({ pattern }) => pattern.test(value));
}

/** The store for a supported value. */
export function createStore(value) {
  return STORES.find(({ pattern }) => pattern.test(value)).create(value);
}
