import {
  createQBitFlow,
  memoryStore,
  type DurableStore,
  type EventContext,
  type HttpRequest,
  type IdempotencyStore,
  type QBitFlow,
  type QBitFlowOptions,
  type WebhookEvent,
} from '@qbitflow/core';
import { fakeClock, signDelivery, type FakeClock } from '@qbitflow/core/testing';
import { onTestFinished } from 'vitest';
import { collectingLogger, type CollectingLogger } from '../../support/collecting-logger.js';
import { settle } from '../../support/settle.js';
import { SECRET, post } from '../../support/shop.js';
import { leapingClock } from './leaping-clock.js';
import { playApi, type PlayedApi } from './played-api.js';

export const DAY_MS = 86_400_000;
/** As often as it looks for work nobody announced, and prunes. */
const HOUR_MS = 3_600_000;

/** What a shop's handlers have done, beyond all its processes and stores. */
export interface Fulfilled {
  readonly key: string;
  readonly source: string;
  readonly event: WebhookEvent;
}

export interface ShopForYears {
  readonly clock: FakeClock;
  readonly api: PlayedApi;
  readonly logger: CollectingLogger;
  readonly fulfilled: Fulfilled[];
  /** Their keys, in order. */
  readonly keys: () => string[];
  /** Starts a process of the shop; the one before is closed. */
  readonly deploy: (
    store: DurableStore | IdempotencyStore,
    options?: Partial<QBitFlowOptions>,
  ) => Promise<QBitFlow>;
  readonly kit: () => QBitFlow;
  /** A webhook comes; resolves with the answer's status. */
  readonly deliver: (body: object, version?: 'v1' | 'v2') => Promise<number>;
  /** The same request, to be received later. */
  readonly request: (body: object, version?: 'v1' | 'v2') => HttpRequest;
  /** Lets time pass until so many days after the beginning. */
  readonly untilDay: (day: number) => Promise<void>;
  /** Somebody looks, and whatever follows from it happens. */
  readonly look: (
    how: (kit: QBitFlow, uuid: string) => Promise<unknown>,
    uuid: string,
  ) => Promise<void>;
}

export interface ShopForYearsOptions {
  readonly generation?: 'v1' | 'v2';
  /** Called before an order is fulfilled; what it throws is the handler's failure. */
  readonly before?: (event: WebhookEvent, context: EventContext) => unknown;
}

/** A shop over a played API. */
export function openShopForYears({
  generation = 'v2',
  before,
}: ShopForYearsOptions = {}): ShopForYears {
  const clock = leapingClock();
  const beginning = clock.now();
  const api = playApi(clock);
  const logger = collectingLogger();
  const fulfilled: Fulfilled[] = [];
  let kit: QBitFlow | undefined;

  async function close(): Promise<void> {
    if (kit === undefined) return;
    const closing = kit.close();
    await clock.advance(60_000);
    await closing;
  }

  async function handle(event: WebhookEvent, context: EventContext): Promise<void> {
    await before?.(event, context);
    fulfilled.push({ key: event.key, source: context.source, event });
  }

  function current(): QBitFlow {
    if (kit === undefined) throw new Error('deploy first');
    return kit;
  }

  function request(body: object, version: 'v1' | 'v2' = 'v2'): HttpRequest {
    return post(signDelivery({ version, body, secret: SECRET, clock }));
  }

  onTestFinished(close);
  return {
    clock,
    api,
    logger,
    fulfilled,
    keys: () => fulfilled.map(({ key }) => key),
    async deploy(store, options = {}) {
      await close();
      kit = createQBitFlow({
        apiKey: 'sk_test',
        baseUrl: `https://api.qbitflow.test/${generation}`,
        webhookSecret: SECRET,
        mode: 'both',
        fetch: api.fetch,
        clock,
        logger,
        random: () => 0,
        store,
        ...options,
      });
      kit.onAny(handle, { name: 'fulfil' });
      await kit.start();
      return kit;
    },
    kit: current,
    request,
    async deliver(body, version) {
      const { status } = await current().receive(request(body, version));
      await settle();
      return status;
    },
    async untilDay(day) {
      await clock.advance(Math.max(0, beginning + day * DAY_MS - clock.now()));
      await settle();
    },
    async look(how, uuid) {
      await how(current(), uuid);
      await settle(30);
      // The next look is a fresh question, and what could not be handled at once is tried again.
      await clock.advance(2 * HOUR_MS);
      await settle();
    },
  };
}

/** A store as a backup would bring it back: what was done in `store` until now, and when that store was made. */
export async function restoredFrom(store: DurableStore, bornAt: number): Promise<DurableStore> {
  const backup = memoryStore({ clock: fakeClock(bornAt) });
  for (let cursor: string | undefined; ;) {
    const page = await store.list({ limit: 1_000, cursor });
    for (const { key } of page.items) {
      const kept = await store.get(key);
      if (kept === undefined) continue;
      const { state: _state, unhandled: _unhandled, webhook: _webhook, ...delivery } = kept;
      await backup.record(delivery);
      const [taken] = await backup.takeDue({ limit: 1, leaseMs: 1_000 });
      if (taken !== undefined) await backup.complete(taken, { succeeded: ['fulfil'] });
    }
    cursor = page.nextCursor;
    if (cursor === undefined) return backup;
  }
}
