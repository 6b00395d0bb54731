import { type ActivityLog, createActivityLog } from './activity/log.js';
import type { ApiClient } from './api/client.js';
import { type ClockLead, createClockLead } from './api/clock-lead.js';
import { createApi } from './api/on-demand.js';
import type { Clock } from './clock.js';
import { createDiagnostics, type Diagnostics } from './diagnostics.js';
import { createErrorReporter, type ErrorReporter } from './error-reporter.js';
import type { Logger } from './logger.js';
import { type QBitFlowOptions, resolveOptions, type Settings } from './options.js';
import type { DurableStore } from './store/durable-store.js';

/** What every room of one kit works with. It is made once, with the kit, and passed first. */
export interface Runtime {
  readonly settings: Settings;
  readonly store: DurableStore;
  readonly clock: Clock;
  /** From 0 up to 1, as `Math.random`. */
  readonly random: () => number;
  /** The merchant's logger, which handlers get too; the kit's own lines go through `diagnostics`. */
  readonly logger: Logger;
  readonly diagnostics: Diagnostics;
  /** Failures, for the log and for `onError`. */
  readonly errors: ErrorReporter;
  /** What is done, counted: for desks and scrapes. */
  readonly activity: ActivityLog;
  readonly api: ApiClient;
  /** How far the API's clock is ahead of ours. */
  readonly lead: ClockLead;
}

/** The runtime of a kit with these options. Throws `misconfigured` for what cannot work. */
export function createRuntime(options: QBitFlowOptions): Runtime {
  const settings = resolveOptions(options);
  const { store, clock, random, logger, holder, instance } = settings;
  const lead = createClockLead(clock);
  const diagnostics = createDiagnostics(logger);
  return {
    settings,
    store,
    clock,
    random,
    logger,
    diagnostics,
    errors: createErrorReporter(logger, diagnostics),
    activity: createActivityLog({ store, clock, diagnostics, holder, instance }),
    api: createApi({ ...settings, diagnostics, onDate: lead.observe }),
    lead,
  };
}
