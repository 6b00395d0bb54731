import type { Details } from './return-page/details.js';
import { createReturnHandler, type ReturnHandler } from './return-page/handle-return.js';
import type { Runtime } from './runtime.js';
import { createStatusHandler, type StatusHandler } from './status/handle-status.js';
import type { StatusHub } from './status/hub.js';
import type { StatusQueries } from './status/queries.js';

/** What requests of customers are answered from. */
export interface CustomerRooms {
  readonly queries: StatusQueries;
  readonly hub: StatusHub;
  readonly details: Details;
}

/** Answers what customers ask: return pages and live status. */
export interface CustomerHandlers {
  readonly handleReturn: ReturnHandler;
  readonly handleStatus: StatusHandler;
}

/**
 * The handlers of one kit. This file is loaded with the first request of a customer: pages, their words and their styles
 * are a third of the kit, and a process that only takes deliveries needs none of them.
 */
export function createCustomerHandlers(
  runtime: Runtime,
  { queries, hub, details }: CustomerRooms,
): CustomerHandlers {
  return {
    handleReturn: createReturnHandler(runtime, queries, details),
    handleStatus: createStatusHandler(runtime, queries, hub),
  };
}
