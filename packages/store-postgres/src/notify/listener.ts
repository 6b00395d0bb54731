import { randomInt } from 'node:crypto';
import { inBackground, sleep, type Logger } from '@qbitflow/core';
import type { ClientSource } from '../database/checkout.js';
import { keptOf } from '../database/reserve.js';
import type { DueNews } from './due-news.js';
import { readPayload } from './payload.js';
import { Deaf, listenUntilLost } from './session.js';

/** Hears from other processes what became due, and passes it on. */
export interface Listener {
  /** Begins in the background; again does nothing. */
  start(): void;
  /** Gives its client back, and resolves once it has. */
  stop(): Promise<void>;
}

/** What a listener works with. */
export interface ListenerOptions {
  readonly source: ClientSource;
  /** Keeps the client that is listened on, until the answer is called. */
  readonly keep: () => Promise<() => void>;
  readonly channel: string;
  readonly news: DueNews;
  readonly logger: Logger;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const POLLING = 'work of other processes is found by polling';

/** A listener at rest. */
export function createListener(options: ListenerOptions): Listener {
  let running: AbortController | undefined;
  let ended = Promise.resolve();
  return {
    start() {
      if (running !== undefined) return;
      running = new AbortController();
      ended = listen(options, running.signal);
    },
    async stop() {
      running?.abort();
      running = undefined;
      await ended;
    },
  };
}

/** Listens, and again after each loss, until told to stop or until it is clear that it cannot work. Never rejects. */
async function listen(options: ListenerOptions, signal: AbortSignal): Promise<void> {
  const { source, logger, news } = options;
  let letGo: (() => void) | undefined;
  let failures = 0;
  function onReady(): void {
    // What was told while nobody listened is unknown.
    if (failures > 0) news.tellUnknown();
    failures = 0;
    logger.debug({ code: 'listening', channel: options.channel }, 'woken by NOTIFY from now on');
  }
  while (!signal.aborted) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one spell after the other
      if (await isHopeless(options)) break;
      // oxlint-disable-next-line no-await-in-loop -- as above
      letGo ??= await options.keep();
      // oxlint-disable-next-line no-await-in-loop -- as above
      await listenUntilLost({ ...options, signal, onReady, onPayload: tellOf(news) });
    } catch (err) {
      if (signal.aborted) break;
      if (err instanceof Deaf) {
        giveUp(logger, { err });
        break;
      }
      failures += 1;
      if (failures === 1) logger.warn({ code: 'listen_lost', err }, `LISTEN was lost; ${POLLING}`);
    }
    // oxlint-disable-next-line no-await-in-loop -- backing off between spells
    await sleep(inBackground(source.clock), pauseMs(failures), signal);
  }
  letGo?.();
}

/** Of a pool of one client none is kept; a pool that ends takes no more. */
async function isHopeless({ source, logger }: ListenerOptions): Promise<boolean> {
  const pool = await source.pool();
  if (pool.ending === true) return true;
  if (keptOf(pool) > 0) return false;
  giveUp(logger, { reason: 'the pool holds one client only' });
  return true;
}

function giveUp(logger: Logger, facts: Readonly<Record<string, unknown>>): void {
  logger.info({ code: 'listen_unavailable', ...facts }, `LISTEN does not work here; ${POLLING}`);
}

function tellOf(news: DueNews): (payload: string) => void {
  return (payload) => {
    const { origin, subjects } = readPayload(payload);
    if (origin === news.origin) return;
    if (subjects.length === 0) news.tellUnknown();
    else news.tell(subjects.map((subject) => ({ subject })));
  };
}

function pauseMs(failures: number): number {
  const most = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 10), LONGEST_PAUSE_MS);
  return most / 2 + randomInt(Math.ceil(most / 2));
}
