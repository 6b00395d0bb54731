import { describe } from 'vitest';
import { recordSuite } from './suite/record.js';
import { takeDueSuite } from './suite/take-due.js';
import { extendSuite } from './suite/extend.js';
import { completeSuite } from './suite/complete.js';
import { retrySuite } from './suite/retry.js';
import { deadSuite } from './suite/dead.js';
import { staleSuite } from './suite/stale.js';
import { listSuite } from './suite/list.js';
import { statsSuite } from './suite/stats.js';
import type { MakeStore } from './suite/store-under-test.js';

/** What every durable store promises, state by state. `make` gives a fresh, empty store each time. */
export function durableStoreSuite(make: MakeStore): void {
  describe('record', () => {
    recordSuite(make);
  });
  describe('takeDue', () => {
    takeDueSuite(make);
  });
  describe('extend', () => {
    extendSuite(make);
  });
  describe('complete', () => {
    completeSuite(make);
  });
  describe('retry', () => {
    retrySuite(make);
  });
  describe('bury, replay and discard', () => {
    deadSuite(make);
  });
  describe('a stale token', () => {
    staleSuite(make);
  });
  describe('list and get', () => {
    listSuite(make);
  });
  describe('stats and prune', () => {
    statsSuite(make);
  });
}
