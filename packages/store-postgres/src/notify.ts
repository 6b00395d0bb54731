import { randomInt, randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers';
import {
  createDueListeners,
  docsOfLine,
  inBackground,
  sleep,
  type DueListeners,
  type Logger,
} from '@qbitflow/core/store';
import { toQuery, type ClientSource } from './database.js';
import { within } from './errors.js';
import type { KeptLoan, PostgresClient, PostgresNotification } from './pool.js';
import { keptOf } from './reserve.js';

/** Notifies this process's listeners of what became due, whether it happened here or elsewhere. */
export interface DueNotifier {
  /** Names this store among those of other processes, so that it ignores its own notifications. */
  readonly origin: string;
  readonly listeners: DueListeners;
  /** Something of these subjects became due. */
  notify(deliveries: readonly { readonly subject: string }[]): void;
}

/** A notifier without listeners yet. */
export function createDueNotifier(logger: Logger): DueNotifier {
  const listeners = createDueListeners((err) => {
    const docs = docsOfLine('due_listener_failed');
    logger.error({ code: 'due_listener_failed', err, docs }, 'a listener to due deliveries threw');
  });
  return {
    origin: randomUUID(),
    listeners,
    notify(deliveries) {
      if (listeners.size === 0 || deliveries.length === 0) return;
      const subjects = new Set(deliveries.map(({ subject }) => subject));
      // After the turn in which recorders are answered: a listener that throws or is slow must not hold them up.
      setImmediate(() => {
        for (const subject of subjects) listeners.notify(subject);
      });
    },
  };
}

/** A payload holds 8,000 bytes at most; a subject 512 and a line feed. */
const SUBJECTS_IN_A_PAYLOAD = 15;

/**
 * SQL that notifies of subjects, as few times as they fit. `subjects` is a query with one column of that name;
 * `channel` and `origin` are placeholders. A payload is the origin and then the subjects, each on its line.
 */
export function notifySubjects(subjects: string, channel: string, origin: string): string {
  return `SELECT pg_notify(${channel}::text, ${origin}::text || E'\\n' || string_agg(subject, E'\\n'))
  FROM (SELECT subject, (row_number() OVER () - 1) / ${SUBJECTS_IN_A_PAYLOAD} AS part FROM (${subjects}) s) p GROUP BY part`;
}

/** The store that notified, and what about. */
interface Notice {
  readonly origin: string;
  readonly subjects: readonly string[];
}

/** Reads a payload; a foreign one has an origin only. */
function readPayload(payload: string): Notice {
  const [origin = '', ...subjects] = payload.split('\n');
  return { origin, subjects };
}

/** Starts the payload by which a listener tells whether notifications arrive. */
const PROBE = 'probe:';

/** Whether a payload is a listener's probe. */
const isProbe = (payload: string): boolean => payload.startsWith(PROBE);

/** Listens to what became due in other processes, and passes it on. */
export interface Listener {
  /** Begins in the background; again does nothing. */
  start(): void;
  /** Gives its client back, and resolves once it has. */
  stop(): Promise<void>;
}

/** What a listener listens to, and where it passes it on. */
export interface ListenerOptions {
  readonly channel: string;
  readonly notifier: DueNotifier;
  readonly logger: Logger;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const POLLING = 'work of other processes is found by polling';

/** A listener at rest. It listens again after each loss, until it is stopped or it is clear that it cannot work. */
export function createListener(
  source: ClientSource,
  { channel, notifier, logger }: ListenerOptions,
): Listener {
  let running: AbortController | undefined;
  let ended = Promise.resolve();

  function giveUp(facts: Readonly<Record<string, unknown>>): void {
    logger.info({ code: 'listen_unavailable', ...facts }, `LISTEN does not work here; ${POLLING}`);
  }

  /** Of a pool of one client none is kept; a pool that ends takes no more. */
  async function isHopeless(): Promise<boolean> {
    const pool = await source.pool();
    if (pool.ending === true) return true;
    if (keptOf(pool) > 0) return false;
    giveUp({ reason: 'the pool holds one client only' });
    return true;
  }

  function onPayload(payload: string): void {
    const { origin, subjects } = readPayload(payload);
    if (origin === notifier.origin) return;
    if (subjects.length === 0) notifier.listeners.notify(undefined);
    else notifier.notify(subjects.map((subject) => ({ subject })));
  }

  /** Never rejects. */
  async function keepListening(signal: AbortSignal): Promise<void> {
    let letGo: (() => void) | undefined;
    let failures = 0;
    function onReady(): void {
      // What became due while nothing was listening is unknown.
      if (failures > 0) notifier.listeners.notify(undefined);
      failures = 0;
      logger.debug({ code: 'listening', channel }, 'woken by NOTIFY from now on');
    }
    while (!signal.aborted) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one spell after the other
        if (await isHopeless()) break;
        // oxlint-disable-next-line no-await-in-loop -- as above
        letGo ??= await source.keep();
        // oxlint-disable-next-line no-await-in-loop -- as above
        await listenUntilLost(source, { channel, signal, onReady, onPayload });
      } catch (err) {
        if (signal.aborted) break;
        if (err instanceof Deaf) {
          giveUp({ err });
          break;
        }
        failures += 1;
        if (failures === 1)
          logger.warn(
            { code: 'listen_lost', err, docs: docsOfLine('listen_lost') },
            `LISTEN was lost; ${POLLING}`,
          );
      }
      // oxlint-disable-next-line no-await-in-loop -- backing off between spells
      await sleep(inBackground(source.clock), pauseMs(failures), signal);
    }
    letGo?.();
  }

  return {
    start() {
      if (running !== undefined) return;
      running = new AbortController();
      ended = keepListening(running.signal);
    },
    async stop() {
      running?.abort();
      running = undefined;
      await ended;
    },
  };
}

function pauseMs(failures: number): number {
  const most = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 10), LONGEST_PAUSE_MS);
  return most / 2 + randomInt(Math.ceil(most / 2));
}

/** One spell of listening. */
interface Session {
  readonly channel: string;
  readonly signal: AbortSignal;
  /** Listening works. */
  readonly onReady: () => void;
  readonly onPayload: (payload: string) => void;
}

/** Notifications do not arrive and never will: a pooler in transaction mode swallows them. */
class Deaf extends Error {
  override readonly name = 'Deaf';
}

const PROBE_MS = 5_000;

/** Listens on the client that records, which is kept anyway, until `signal`; rejects when the connection is lost. */
async function listenUntilLost(
  source: ClientSource,
  { channel, signal, onReady, onPayload }: Session,
): Promise<void> {
  const arrived = new AbortController();
  const probe = PROBE + randomUUID();
  function onNotification(notification: PostgresNotification): void {
    const { payload = '' } = notification;
    if (notification.channel !== channel) return;
    if (payload === probe) arrived.abort();
    else if (!isProbe(payload)) onPayload(payload);
  }
  const { client, lost } = await listen(source, channel, onNotification);
  const over = AbortSignal.any([signal, lost]);
  try {
    await notify(source, channel, probe);
    await sleep(inBackground(source.clock), PROBE_MS, AbortSignal.any([over, arrived.signal]));
    if (!over.aborted && !arrived.signal.aborted) throw new Deaf(DEAF);
    if (arrived.signal.aborted) onReady();
    await untilAborted(over);
    lost.throwIfAborted();
  } finally {
    client.removeListener('notification', onNotification);
  }
}

const DEAF = 'a notification sent by another connection did not arrive';

async function listen(
  source: ClientSource,
  channel: string,
  onNotification: (notification: PostgresNotification) => void,
): Promise<Pick<KeptLoan, 'client' | 'lost'>> {
  const loan = await source.lendKept('record');
  const { client, lost } = loan;
  loan.spoil();
  client.on('notification', onNotification);
  try {
    await ask(source, client, `LISTEN "${channel}"`);
    loan.giveBack();
    return { client, lost };
  } catch (error) {
    client.removeListener('notification', onNotification);
    loan.giveBack(error);
    throw error;
  }
}

async function ask(
  source: ClientSource,
  client: PostgresClient,
  text: string,
  values: readonly string[] = [],
): Promise<void> {
  await within(source, client.query(toQuery(text, values)));
}

/** A pooler accepts LISTEN and then keeps notifications to itself: only one sent by another client tells. */
async function notify(source: ClientSource, channel: string, payload: string): Promise<void> {
  const loan = await source.lend('work');
  try {
    await ask(source, loan.client, 'SELECT pg_notify($1, $2)', [channel, payload]);
    loan.giveBack();
  } catch (error) {
    loan.giveBack(error);
    throw error;
  }
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
