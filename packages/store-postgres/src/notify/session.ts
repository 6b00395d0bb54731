import { randomUUID } from 'node:crypto';
import { inBackground, sleep } from '@qbitflow/core';
import type { ClientSource, KeptLoan } from '../database/checkout.js';
import { toQuery } from '../database/database.js';
import { within } from '../database/deadline.js';
import type { PostgresClient, PostgresNotification } from '../database/pg-types.js';
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

const PROBE_MS = 5_000;

/** Listens on the client that records, which is kept anyway, until `signal`; rejects when the connection is lost. */
export async function listenUntilLost(options: SessionOptions): Promise<void> {
  const { source, channel, signal } = options;
  const heard = new AbortController();
  const probe = PROBE + randomUUID();
  function onNotification(notification: PostgresNotification): void {
    const { payload = '' } = notification;
    if (notification.channel !== channel) return;
    if (payload === probe) heard.abort();
    else if (!isProbe(payload)) options.onPayload(payload);
  }
  const { client, lost } = await listen(source, channel, onNotification);
  const over = AbortSignal.any([signal, lost]);
  try {
    await notify(source, channel, probe);
    await sleep(inBackground(source.clock), PROBE_MS, AbortSignal.any([over, heard.signal]));
    if (!over.aborted && !heard.signal.aborted) throw new Deaf(DEAF);
    if (heard.signal.aborted) options.onReady();
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
  { clock, timeoutMs }: ClientSource,
  client: PostgresClient,
  text: string,
  values: readonly string[] = [],
): Promise<void> {
  await within(clock, timeoutMs, client.query(toQuery(text, values)));
}

/** A pooler accepts LISTEN and then keeps the news to itself: only a notification sent by another client tells. */
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
