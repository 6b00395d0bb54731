/**
 * QBitFlow on your own machine.
 * @module @qbitflow/sandbox
 */

// The sandbox
export { startSandbox, type Sandbox } from './sandbox.js';
export type { Deliver, SandboxOptions } from './options.js';
export type { TriggerOptions } from './trigger/trigger.js';

// What goes wrong
export { isScenario, scenarioSummaries, type Scenario } from './faults/scenarios.js';
export {
  isWebSocketMode,
  webSocketModeSummaries,
  type WebSocketMode,
} from './faults/web-socket-modes.js';
export type { ApiFault, ApiFault as Trouble } from './faults/api-fault.js';

// What can be looked at
export type { ActionName, CustomerOutcome } from './checkout/session-actions.js';
export type { Delivery, DeliveryAttempt, Generation, SandboxEvent } from './state/events.js';
export type { Member, MemberProfile } from './state/members.js';
export type { SandboxRequest } from './state/request-log.js';
export type {
  BillingFailureReason,
  CancellationReason,
  FailedAttempt,
  FailedBill,
  FundsRelease,
  Refund,
  RequiredAction,
  Session,
  SessionStatus,
  Subscription,
  SubscriptionBill,
  SubscriptionStatus,
} from './state/sessions.js';
export type {
  SessionFee,
  SessionFees,
  SessionKind,
  SessionPeriod,
  SessionTerms,
} from './state/terms.js';
