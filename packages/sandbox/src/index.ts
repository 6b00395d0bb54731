// The sandbox
export { startSandbox } from './start-sandbox.js';
export type { Sandbox } from './sandbox.js';
export type { Deliver, SandboxOptions } from './options.js';

// What goes wrong
export { isScenario, scenarioSummaries, type Scenario } from './scenarios/index.js';

export {
  isWebSocketMode,
  webSocketModeSummaries,
  type WebSocketMode,
} from './live/web-socket-mode.js';
export type { Trouble } from './trouble/trouble.js';

// What can be looked at
export type { CustomerOutcome } from './control/customer-actions.js';
export type { Delivery, DeliveryAttempt } from './state/deliveries.js';
export type { Generation, SandboxEvent } from './state/event-log.js';
export type { SandboxRequest } from './state/request-log.js';
export type {
  FailedAttempt,
  Session,
  SessionKind,
  SessionPeriod,
  SessionStatus,
  SessionTerms,
} from './state/session.js';
export type { Subscription, SubscriptionBill, SubscriptionStatus } from './state/subscription.js';
