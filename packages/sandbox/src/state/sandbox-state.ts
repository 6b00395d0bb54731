import { setMaxListeners } from 'node:events';
import { type Courier, createCourier } from '../delivery/deliver.js';
import type { Trouble } from '../faults/api-fault.js';
import type { Scenario } from '../faults/scenarios.js';
import type { WebSocketMode } from '../faults/web-socket-modes.js';
import { type Ids, createIds } from '../ids.js';
import type { Settings } from '../options.js';
import {
  type Deliveries,
  type Delivery,
  type EventLog,
  createDeliveries,
  createEventLog,
} from './events.js';
import { BoundedMap, type Listeners, createListeners } from './registry.js';
import { type RequestLog, createRequestLog } from './request-log.js';
import { type Session, type Sessions, createSessions } from './sessions.js';
import { type Adjustable, createAdjustable } from './switches.js';
import { type Timers, createTimers } from '../time.js';
import type { JsonObject } from '../wire/demo-data.js';
import { type Secrets, createSecrets } from '../wire/signing.js';

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
