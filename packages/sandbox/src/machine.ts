import { createCourier, type Courier } from './delivery/courier.js';
import { createIds, type Ids } from './ids.js';
import type { Settings } from './options.js';
import { createDeliveries, type Deliveries, type Delivery } from './state/deliveries.js';
import { createEventLog, type EventLog } from './state/event-log.js';
import { BoundedMap } from './state/bounded-map.js';
import { createListeners, type Listeners } from './state/listeners.js';
import { createSecrets, type Secrets } from './state/secrets.js';
import type { Session } from './state/session.js';
import { createSessions, type Sessions } from './state/sessions.js';
import { createTimers, type Timers } from './timers.js';

/** A create that carried an `Idempotency-Key`. */
export interface KeyedCreate {
  /** What was asked, in canonical form. */
  readonly fingerprint: string;
  readonly sessionUuid: string;
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
  readonly target: { readonly get: () => URL | undefined; readonly set: (url: URL) => void };
  readonly timers: Timers;
}

/** A machine with nothing in it, reachable under `url`. */
export function createMachine(settings: Settings, url: string): Machine {
  const { clock, keep, logger } = settings;
  const sessionListeners = createListeners<Session>(logger);
  const deliveryListeners = createListeners<Delivery>(logger);
  const ids = createIds(settings.random);
  const secrets = createSecrets(settings.secret, clock);
  const deliveries = createDeliveries(keep, deliveryListeners);
  let webhookUrl = settings.webhookUrl;
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
    target: {
      get: () => webhookUrl,
      set: (next) => {
        webhookUrl = next;
      },
    },
    timers: createTimers(clock),
  };
}
