import { setMaxListeners } from 'node:events';
import { createIds, type Ids } from '../ids.js';
import { createLog, type Log } from '../log.js';
import type { Settings } from '../options.js';
import { createSecrets, type Secrets } from '../wire/signing.js';
import {
  createDeliveries,
  createEventLog,
  type Deliveries,
  type Delivery,
  type EventLog,
} from './events.js';
import { createKeyedCreates, type KeyedCreates } from './keyed-creates.js';
import { createMembers, type Members } from './members.js';
import { createRequestLog, type RequestLog } from './request-log.js';
import { createSessions, type Sessions } from './sessions.js';
import { createSwitches, type Switches } from './switches.js';

/** All that a running sandbox knows; made once and passed first to everything that a customer or merchant does. */
export interface SandboxState {
  /** Without a slash at the end, e.g. `http://127.0.0.1:4242`. */
  readonly url: string;
  readonly settings: Settings;
  readonly log: Log;
  readonly ids: Ids;
  readonly sessions: Sessions;
  readonly events: EventLog;
  readonly deliveries: Deliveries;
  /** Deliveries that are neither accepted nor given up. */
  readonly underWay: Set<Promise<Delivery>>;
  /** Attempts that are not answered yet. */
  readonly attempting: Set<Promise<unknown>>;
  readonly members: Members;
  readonly secrets: Secrets;
  readonly keyedCreates: KeyedCreates;
  /** What the API was asked. */
  readonly requests: RequestLog;
  readonly switches: Switches;
  /** Aborted when the sandbox closes. */
  readonly closing: AbortController;
}

/** A sandbox in which nothing happened yet, reachable under `url`. */
export function createSandboxState(settings: Settings, url: string): SandboxState {
  const { clock, keep } = settings;
  const closing = new AbortController();
  // Every delivery under way and every request that is held back listens to it: hundreds are no leak.
  setMaxListeners(0, closing.signal);
  const log = createLog(settings.logger);
  const ids = createIds(settings.random);
  return {
    url,
    settings,
    log,
    ids,
    sessions: createSessions(keep, log),
    events: createEventLog(keep),
    deliveries: createDeliveries(keep, log),
    underWay: new Set(),
    attempting: new Set(),
    members: createMembers(keep, clock, ids),
    secrets: createSecrets(settings.secret, clock, ids),
    keyedCreates: createKeyedCreates(keep, clock),
    requests: createRequestLog(keep),
    switches: createSwitches(settings),
    closing,
  };
}
