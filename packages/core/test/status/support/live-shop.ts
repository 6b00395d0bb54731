import type {
  ClientOf,
  DurableStore,
  HttpRequest,
  HttpResponse,
  TransactionReference,
  TransactionStatusReport,
} from '@qbitflow/core';
import { type FakeClock, fixtures } from '@qbitflow/core/testing';
import { onTestFinished } from 'vitest';
import { settle } from '../../support/settle.js';
import { openShop, type Shop } from '../../support/shop.js';
import { startStatusApi, type StatusApi } from './status-api.js';

export const PAYMENT = 'pay@01a0c0c7-5a6b-4c7d-8e9f-000000000001';

/** A shop over a status API; nothing but what is looked at has timers. */
export interface LiveShop extends Shop {
  readonly api: StatusApi;
  /** Follows a transaction until the iterator ends. */
  readonly watch: (reference?: TransactionReference, signal?: AbortSignal) => Watched;
  /** Opens the status route. */
  readonly open: (path: string, request?: Partial<HttpRequest>) => Promise<HttpResponse>;
  /** Has a webhook tell of a completed payment. */
  readonly payByWebhook: (uuid: string) => Promise<void>;
}

export interface Watched {
  /** What the iterator has given so far. */
  readonly reports: TransactionStatusReport[];
  /** The same, in one word each. */
  readonly statuses: () => string[];
  readonly ended: Promise<void>;
}

export async function openLiveShop(
  options: {
    generation?: 'v1' | 'v2';
    clock?: FakeClock;
    store?: DurableStore;
    clientOf?: ClientOf;
    fetch?: typeof globalThis.fetch;
  } = {},
): Promise<LiveShop> {
  const { generation = 'v2', ...rest } = options;
  const api = await startStatusApi();
  const shop = openShop({ ...rest, apiKey: 'sk_test', baseUrl: `${api.origin}/${generation}` });
  return {
    ...shop,
    api,
    watch(reference = { uuid: PAYMENT }, signal) {
      const reports: TransactionStatusReport[] = [];
      async function follow(): Promise<void> {
        for await (const report of shop.kit.watchStatus(reference, { signal }))
          reports.push(report);
      }
      return { reports, statuses: () => reports.map(({ status }) => status), ended: follow() };
    },
    open: async (path, request) =>
      shop.kit.handleStatus({ method: 'GET', url: path, headers: {}, ...request }),
    async payByWebhook(uuid) {
      await shop.deliver(fixtures.v2['payment.completed']({ data: { uuid } }));
    },
  };
}

/** Resolves once `condition` holds, and all that follows from it has happened. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => {
      setTimeout(resolve, 2);
    });
  }
  await settle();
}

/** Lets time pass, a second of it with every look, until `condition` holds. */
export async function passUntil(clock: FakeClock, condition: () => boolean): Promise<void> {
  while (!condition()) {
    await clock.advance(1_000);
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}

/** Reads what an answer streams, as text that grows. */
export function read(answer: HttpResponse): { text: string; ended: boolean } {
  const seen = { text: '', ended: false };
  answer.stream?.setEncoding('utf8').on('data', (chunk: string) => (seen.text += chunk));
  answer.stream?.once('end', () => (seen.ended = true));
  onTestFinished(() => {
    answer.stream?.destroy();
  });
  return seen;
}

export const asksForEvents: Partial<HttpRequest> = { headers: { accept: 'text/event-stream' } };

/** The path of the status route for an id. */
export const pathOf = (uuid: string): string => `/status/${encodeURIComponent(uuid)}`;
