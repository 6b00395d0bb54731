import type { DurableStore } from '@qbitflow/core';
import type { DurableStoreCapabilities } from '../suite-options.js';
import type { Bench } from '../support/bench.js';
import type { ConformanceCase } from '../support/register.js';

/** One behaviour of a durable store. */
export type DurableCase = ConformanceCase<DurableStore, DurableStoreCapabilities>;

/** What a case about a durable store works with. */
export type DurableBench = Bench<DurableStore>;
