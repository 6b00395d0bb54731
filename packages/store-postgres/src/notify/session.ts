import { randomUUID } from 'node:crypto';
import { sleep } from '@qbitflow/core';
import { checkOut, giveBack, type ClientSource } from '../database/checkout.js';
import { toQuery } from '../database/database.js';
import { within } from '../database/deadline.js';
import type { PostgresClient, PostgresNotification, PostgresQuery } from '../database/pg-types.js';
import { isProbe, PROBE } from './payload.js';

/** What one spell of listening needs. */
export interface SessionOptions {
  readonly source: ClientSource;
  readonly channel: string;
  readonly signal: AbortSignal;
  /** Listening works. */
  readonly onReady: () => void;
  readonly onPayload: (payload: string) => void;
}

/** Notifications do not reach us and never will: a pooler in transaction mode swallows them. */
export class Deaf extends Error {
  override readonly name = 'Deaf';
}

const HEARTBEAT_MS = 5_000;
const PROBE_MS = 5_000;

/** Listens on a client of its own until `signal` or the end of the pool; rejects when the connection is lost. */
export async function listenUntilLost(options: SessionOptions): Promise<void> {
  const { source, channel, signal } = options;
  const client = await checkOut(source);
  const lost = new AbortController();
  const heard = new AbortController();
  const probe = PROBE + randomUUID();
  const onError = (error: Error): void => lost.abort(error);
  function onNotification(notification: PostgresNotification): void {
    const { payload = '' } = notification;
    if (notification.channel !== channel) return;
    if (payload === probe) heard.abort();
    else if (!isProbe(payload)) options.onPayload(payload);
  }
  const over = AbortSignal.any([signal, lost.signal]);
  client.on('error', onError);
  client.on('notification', onNotification);
  try {
    await ask(source, client, toQuery(`LISTEN "${channel}"`));
    await notify(source, channel, probe);
    await sleep(source.clock, PROBE_MS, AbortSignal.any([over, heard.signal]));
    if (!over.aborted && !heard.signal.aborted) throw new Deaf(DEAF);
    options.onReady();
    await stayAlive(source, client, over);
    lost.signal.throwIfAborted();
  } finally {
    client.removeListener('error', onError);
    client.removeListener('notification', onNotification);
    // Closed, not reused: the LISTEN must not outlive us on a client of the pool.
    giveBack(client, new Error('no longer listening'));
  }
}

const DEAF = 'a notification sent by another connection did not arrive';

async function ask(
  { clock, timeoutMs }: ClientSource,
  client: PostgresClient,
  query: PostgresQuery,
): Promise<void> {
  await within(clock, timeoutMs, client.query(query));
}

/** A pooler accepts LISTEN and then keeps the news to itself: only a notification sent by another client tells. */
async function notify(source: ClientSource, channel: string, payload: string): Promise<void> {
  const client = await checkOut(source);
  try {
    await ask(source, client, toQuery('SELECT pg_notify($1, $2)', [channel, payload]));
    giveBack(client);
  } catch (error) {
    giveBack(client, error);
    throw error;
  }
}

async function stayAlive(
  source: ClientSource,
  client: PostgresClient,
  over: AbortSignal,
): Promise<void> {
  const pool = await source.pool();
  const isOver = (): boolean => over.aborted || pool.ending === true;
  while (!isOver()) {
    // oxlint-disable-next-line no-await-in-loop -- one heartbeat after the other
    await sleep(source.clock, HEARTBEAT_MS, over);
    // A connection that died without a word is found out by asking only.
    // oxlint-disable-next-line no-await-in-loop -- as above
    if (!isOver()) await ask(source, client, toQuery('SELECT 1'));
  }
}
