import type { CustomerOutcome } from './control/customer-actions.js';
import type { WebSocketMode } from './live/web-socket-mode.js';
import type { Scenario } from './scenarios/index.js';
import type { Delivery } from './state/deliveries.js';
import type { SandboxEvent } from './state/event-log.js';
import type { SandboxRequest } from './state/request-log.js';
import type { Session } from './state/session.js';
import type { Trouble } from './trouble/trouble.js';

/** A running sandbox. */
export interface Sandbox {
  /** Without a slash at the end, e.g. `http://127.0.0.1:4242`; its index page is there. */
  readonly url: string;
  /** The base URL of v1's API. */
  readonly v1Url: string;
  /** The base URL of v2's API. */
  readonly v2Url: string;
  readonly apiKey: string;
  /** The current signing secret; {@link Sandbox.rotateSecret} changes it. */
  readonly secret: string;
  /** All sessions as they stand, oldest first. */
  readonly sessions: readonly Session[];
  /** All events of both generations, delivered or not, oldest first. */
  readonly events: readonly SandboxEvent[];
  /** All deliveries as they stand, oldest first. */
  readonly deliveries: readonly Delivery[];
  /** What v1's and v2's API were asked, a WebSocket's opening too; the newest of them, oldest first. */
  readonly requests: readonly SandboxRequest[];
  /** How many of {@link Sandbox.requests} have the text in, or match, their `<method> <path and query>`. */
  readonly countRequests: (pattern: string | RegExp) => number;
  /** Forgets {@link Sandbox.requests}. */
  readonly clearRequests: () => void;
  /** How many of v1's WebSockets are open now. */
  readonly openWebSockets: number;
  /** The customer pays; a second time nothing more happens. Rejects for an unknown or expired session. */
  readonly pay: (uuid: string) => Promise<CustomerOutcome>;
  /** The customer's attempt fails; the session stays open. */
  readonly fail: (uuid: string) => Promise<CustomerOutcome>;
  /** The customer goes back unpaid; the session stays open. */
  readonly abandon: (uuid: string) => Promise<CustomerOutcome>;
  /** The session ends unpaid. Rejects unless it is open. */
  readonly expire: (uuid: string) => Promise<CustomerOutcome>;
  /** Bills a running subscription for its next period, which ends its trial. Rejects where there is none. */
  readonly bill: (uuid: string) => Promise<CustomerOutcome>;
  /** Cancels a running subscription. Rejects where there is none. */
  readonly cancel: (uuid: string) => Promise<CustomerOutcome>;
  /** Sends a logged event again, freshly signed; resolves when it is accepted or given up. */
  readonly redeliver: (eventId: string) => Promise<Delivery>;
  /**
   * Signs and sends a body of your own: `version: 'v2'` as a v2 envelope, anything else as v1; text as it stands.
   * Resolves when it is accepted or given up.
   */
  readonly send: (body: object | string) => Promise<Delivery>;
  /** A new signing secret, or the given one; the old one signs v2 deliveries beside it for 24 hours. Returns it. */
  readonly rotateSecret: (secret?: string) => string;
  /** Where webhooks go from now on. Throws `misconfigured` for a URL that is not allowed. */
  readonly setWebhookUrl: (url: string) => void;
  /** What goes wrong with deliveries from now on. Throws `misconfigured` for an unknown name. */
  readonly setScenarios: (scenarios: readonly Scenario[]) => void;
  /** How v1's WebSocket behaves from the next opening or message on. Throws `misconfigured` for an unknown mode. */
  readonly setWebSocket: (mode: WebSocketMode) => void;
  /** Ends all open WebSockets: with a close code, or without one like a server that dies. */
  readonly endWebSockets: (code?: number) => void;
  /** What ails the API from the next request on; `undefined` heals it. Throws `misconfigured` for what cannot be. */
  readonly setTrouble: (trouble: Trouble | undefined) => void;
  /** Hears of every delivery's start, attempts and end, each time as it then stands. Returns how to stop that. */
  readonly onDelivery: (listener: (delivery: Delivery) => void) => () => void;
  /** Hears of every new or changed session. Returns how to stop that. */
  readonly onSession: (listener: (session: Session) => void) => () => void;
  /** Resolves when no delivery is under way. */
  readonly idle: () => Promise<void>;
  /** Stops the server, every delivery and every timer. */
  readonly close: () => Promise<void>;
}
