import { setMaxListeners } from 'node:events';
import { createCourier, type Courier } from './delivery/courier.js';
import { createIds, type Ids } from './ids.js';
import type { WebSocketMode } from './live/web-socket-mode.js';
import type { Settings } from './options.js';
import type { Scenario } from './scenarios/index.js';
import { createAdjustable, type Adjustable } from './state/adjustable.js';
import { createDeliveries, type Deliveries, type Delivery } from './state/deliveries.js';
import { createEventLog, type EventLog } from './state/event-log.js';
import { BoundedMap } from './state/bounded-map.js';
import { createListeners, type Listeners } from './state/listeners.js';
import { createRequestLog, type RequestLog } from './state/request-log.js';
import { createSecrets, type Secrets } from './state/secrets.js';
import type { Session } from './state/session.js';
import { createSessions, type Sessions } from './state/sessions.js';
import { createTimers, type Timers } from './timers.js';
import type { JsonObject } from './wire/cast.js';
import type { Trouble } from './trouble/trouble.js';

/** A create that carried an `Idempotency-Key`. */
export interface KeyedCreate {
  /** What was asked, in canonical form. */
  readonly fingerprint: string;
  /** What was answered, and is answered again whatever became of the session. */
  readonly answer: JsonObject;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** All that a sandbox is made of; what a customer or merchant does is a function of it, in `checkout/`. */
export interface Machine {
  /** Without a slash at the end, e.g. `http://127.0.0.1:4242`. */
  readonly url: string;
  readonly settings: Settings;
  readonly ids: Ids;
  readonly sessions: Sessions;
  readonly events: EventLog;
  readonly deliveries: Deliveries;
  readonly secrets: Secrets;
  readonly courier: Courier;
  readonly keyedCreates: BoundedMap<KeyedCreate>;
  readonly sessionListeners: Listeners<Session>;
  readonly deliveryListeners: Listeners<Delivery>;
  /** What the API was asked. */
  readonly requests: RequestLog;
  readonly target: Adjustable<URL | undefined>;
  readonly scenarios: Adjustable<readonly Scenario[]>;
  readonly webSocketMode: Adjustable<WebSocketMode>;
  readonly trouble: Adjustable<Trouble | undefined>;
  readonly timers: Timers;
  /** Aborted when the sandbox closes. */
  readonly closing: AbortController;
}

/** A machine with nothing in it, reachable under `url`. */
export function createMachine(settings: Settings, url: string): Machine {
  const { clock, keep, logger } = settings;
  const sessionListeners = createListeners<Session>(logger);
  const deliveryListeners = createListeners<Delivery>(logger);
  const closing = new AbortController();
  // Every request that is held back listens to it: hundreds are no leak.
  setMaxListeners(0, closing.signal);
  const ids = createIds(settings.random);
  const secrets = createSecrets(settings.secret, clock);
  const deliveries = createDeliveries(keep, deliveryListeners);
  return {
    url,
    settings,
    ids,
    sessions: createSessions(keep, sessionListeners),
    events: createEventLog(keep),
    deliveries,
    secrets,
    courier: createCourier({ settings, secrets, deliveries, ids }),
    keyedCreates: new BoundedMap<KeyedCreate>(keep),
    sessionListeners,
    deliveryListeners,
    requests: createRequestLog(keep),
    target: createAdjustable(settings.webhookUrl),
    scenarios: createAdjustable(settings.scenarios),
    webSocketMode: createAdjustable(settings.webSocket),
    trouble: createAdjustable(settings.trouble),
    timers: createTimers(clock),
    closing,
  };
}
