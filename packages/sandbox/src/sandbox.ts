import type { Delivery } from './state/deliveries.js';
import type { SandboxEvent } from './state/event-log.js';
import type { Session } from './state/session.js';
import type { CustomerOutcome } from './control/customer-actions.js';

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
  /** The customer pays; a second time nothing more happens. Rejects for an unknown or expired session. */
  readonly pay: (uuid: string) => Promise<CustomerOutcome>;
  /** The customer's attempt fails; the session stays open. */
  readonly fail: (uuid: string) => Promise<CustomerOutcome>;
  /** The customer goes back unpaid; the session stays open. */
  readonly abandon: (uuid: string) => Promise<CustomerOutcome>;
  /** The session ends unpaid. Rejects unless it is open. */
  readonly expire: (uuid: string) => Promise<CustomerOutcome>;
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
  /** Hears of every delivery's start, attempts and end, each time as it then stands. Returns how to stop that. */
  readonly onDelivery: (listener: (delivery: Delivery) => void) => () => void;
  /** Hears of every new or changed session. Returns how to stop that. */
  readonly onSession: (listener: (session: Session) => void) => () => void;
  /** Resolves when no delivery is under way. */
  readonly idle: () => Promise<void>;
  /** Stops the server, every delivery and every timer. */
  readonly close: () => Promise<void>;
}
