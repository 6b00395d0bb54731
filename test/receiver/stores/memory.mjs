import { memoryStore } from '@qbitflow/core';

/** `memory`: forgets with the process. */
export function openStore() {
  return { store: memoryStore(), release: async () => undefined };
}
