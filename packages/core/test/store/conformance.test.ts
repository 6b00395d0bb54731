import { memoryStore } from '@qbitflow/core';
import { test } from 'vitest';
// By its path: the conformance package depends on this one, and a package manager builds no circle.
import { durableStoreSuite } from '../../../conformance/src/index.js';

durableStoreSuite({
  test,
  capabilities: {
    survivesRestart: false,
    sharedBetweenConnections: false,
    sharedBetweenProcesses: false,
    keepsDoneBodies: false,
    announcesDue: false,
    joinsTransactions: false,
  },
  createStore: async () => ({ store: memoryStore(), cleanup: async () => undefined }),
});
