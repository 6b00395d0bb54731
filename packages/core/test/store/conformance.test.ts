import { memoryStore, type MemoryStoreOptions } from '@qbitflow/core';
import { test } from 'vitest';
// By its path: the conformance package depends on this one, and a package manager builds no circle.
import { durableStoreSuite } from '../../../conformance/src/index.js';

type Clock = NonNullable<MemoryStoreOptions['clock']>;

durableStoreSuite({
  test,
  capabilities: {
    survivesRestart: false,
    sharedBetweenConnections: false,
    sharedBetweenProcesses: false,
    announcesDue: false,
    joinsTransactions: false,
    turnsClock: true,
  },
  async createStore() {
    let turnedMs = 0;
    const clock: Clock = { now: () => Date.now() + turnedMs, after: () => () => undefined };
    return {
      store: memoryStore({ clock }),
      async turnClock(byMs) {
        turnedMs += byMs;
      },
      cleanup: async () => undefined,
    };
  },
});
