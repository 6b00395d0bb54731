import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Activity,
  createQBitFlow,
  type DurableStore,
  memoryStore,
  type QBitFlow,
  toNodeHandler,
  type TypeActivity,
} from '@qbitflow/core';
import { type FakeClock, fakeClock, fixtures, signDelivery } from '@qbitflow/core/testing';
import type { onTestFinished } from 'vitest';
import type { DeskOptions } from '@qbitflow/core/adapter';

const SECRET = 'whsec_desk';

/** A shop with a desk, a clock that is turned by hand, and what it logged. */
export interface DeskShop {
  readonly url: string;
  readonly kit: QBitFlow;
  readonly clock: FakeClock;
  readonly store: DurableStore;
  readonly log: readonly {
    readonly code: unknown;
    readonly facts: object;
    readonly message: string;
  }[];
  /** A genuine delivery of this type about this payment. */
  deliver(
    type: keyof typeof fixtures.v2,
    data?: Readonly<Record<string, unknown>>,
  ): Promise<number>;
}

/** How a shop is opened. */
export interface DeskShopOptions {
  readonly desk?: DeskOptions;
  readonly finished: typeof onTestFinished;
  readonly store?: (clock: FakeClock) => DurableStore;
  readonly register?: (kit: QBitFlow) => void;
  /** @default an API that is away */
  readonly api?: { readonly apiKey: string; readonly baseUrl: string };
}

/** Serves a shop with a desk on loopback until the test has finished. */
export async function openDeskShop(options: DeskShopOptions): Promise<DeskShop> {
  const clock = fakeClock(Date.parse('2026-11-28T09:30:00Z'));
  const store = options.store?.(clock) ?? memoryStore({ clock });
  const log: { code: unknown; facts: object; message: string }[] = [];
  const write = (facts: object, message: string): void => {
    log.push({ code: Reflect.get(facts, 'code'), facts, message });
  };
  const kit = createQBitFlow({
    webhookSecret: SECRET,
    ...(options.api ?? { apiKey: 'sk_desk', baseUrl: 'http://127.0.0.1:9/v2' }),
    clock,
    store,
    random: () => 1,
    handlers: { maxAttempts: 3, minBackoffMs: 2_000, pollIntervalMs: 60_000 },
    logger: { debug: write, info: write, warn: write, error: write },
  });
  options.register?.(kit);
  const server = createServer(toNodeHandler(kit, { desk: options.desk ?? {}, metrics: {} }));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  options.finished(async () => {
    server.closeAllConnections();
    server.close();
    const closing = kit.close();
    await clock.advance(60_000);
    await closing;
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    kit,
    clock,
    store,
    log,
    async deliver(type, data = {}) {
      const body = fixtures.v2[type]({ id: `evt_${crypto.randomUUID()}`, data });
      const { headers, body: raw } = signDelivery({ version: 'v2', body, secret: SECRET, clock });
      const answer = await kit.handleWebhook({
        method: 'POST',
        url: '/webhook',
        headers,
        rawBody: raw,
      });
      await clock.advance(0);
      return answer.status;
    },
  };
}

/** A payment's id, another one for every number. */
export function paymentId(number: number): string {
  return `pay@01a0c0c7-5a6b-4c7d-8e9f-${String(number).padStart(12, '0')}`;
}

/** A shop with a past, that can be mended. */
export interface BusyShop extends DeskShop {
  /** The orders that were fulfilled. */
  readonly shipped: readonly string[];
  /** From now on every order can be fulfilled. */
  mend(): void;
}

/** A shop that has had two hours: with orders that were fulfilled, two that were not, and an event that nobody handles. */
export async function openBusyShop(options: DeskShopOptions): Promise<BusyShop> {
  const shipped: string[] = [];
  let broken = true;
  const shop = await openDeskShop({
    ...options,
    register(kit) {
      kit.on(
        'payment.completed',
        ({ data: { reference = '' } }) => {
          if (broken && reference === 'order-1042')
            throw new TypeError("Cannot read properties of undefined (reading 'street')");
          if (broken && reference === 'order-1043')
            throw new Error('mail to jane.doe@customer.example was refused: 550 no such user');
          shipped.push(reference ?? '');
        },
        { name: 'ship the order' },
      );
      kit.on('subscription.billed', () => undefined, { name: 'extend the access' });
    },
  });
  const { clock } = shop;
  await shop.kit.start();
  const types = ['payment.completed', 'subscription.billed'] as const;
  for (let number = 0; number < 10; number += 1) {
    await shop.deliver(types[number % 2] ?? types[0], {
      uuid: number % 2 === 0 ? paymentId(number) : `sub-hist@${paymentId(number).slice(4)}`,
      reference: `order-${1_000 + number}`,
    });
    await clock.advance(600_000);
  }
  for (const [number, reference] of [
    [42, 'order-1042'],
    [43, 'order-1043'],
  ] as const)
    for (let times = 0; times < 3; times += 1)
      await shop.deliver('payment.completed', {
        uuid: paymentId(number),
        reference,
        customerReference: 'customer-77',
      });
  await clock.advance(120_000);
  await shop.deliver('refund.requested', { uuid: 'refund@01a0c0c7-5a6b-4c7d-8e9f-000000000090' });
  await shop.deliver('payment.completed', { uuid: paymentId(60), reference: 'order-1060' });
  return {
    ...shop,
    shipped,
    mend: () => {
      broken = false;
    },
  };
}

const DURATIONS = 16;

/** An hour and a day of a shop with four types of events, the same each time. */
export function busyActivity(now: number): Activity {
  const types = [
    'payment.completed',
    'subscription.billed',
    'subscription.created',
    'refund.completed',
  ];
  const spans = (slotMs: number, slots: number, scale: number) =>
    Array.from({ length: slots }, (_, index) => ({
      from: Math.floor(now / slotMs) * slotMs - (slots - 1 - index) * slotMs,
      types: Object.fromEntries(
        types.map((type, place): [string, TypeActivity] => {
          const done = Math.round((scale / (place + 1)) * (1.2 + Math.sin(index / 5 + place)));
          const failed = place === 0 && index % 17 === 3 ? Math.round(scale / 3) : 0;
          const durations = Array.from({ length: DURATIONS }, (__, bucket) =>
            bucket === 5 + place ? done : bucket === 8 + place ? Math.ceil(done / 12) : 0,
          );
          return [
            type,
            {
              received: done,
              duplicates: index % 9 === 0 ? 1 : 0,
              done,
              failed,
              dead: failed > 0 ? 1 : 0,
              totalMs: done * 40,
              durations,
            },
          ];
        }),
      ),
    }));
  return {
    processes: [
      { name: 'web-1:4711', seenAt: now - 4_000, running: 3, concurrency: 10 },
      { name: 'web-2:4802', seenAt: now - 21_000, running: 0, concurrency: 10 },
      { name: 'hooks-1:310', seenAt: now - 9_000, running: 0, concurrency: 0 },
    ],
    minutes: spans(60_000, 60, 12),
    hours: spans(3_600_000, 24, 420),
  };
}
