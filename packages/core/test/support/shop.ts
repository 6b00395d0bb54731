import {
  createQBitFlow,
  memoryStore,
  type DurableStore,
  type ErrorFacts,
  type HttpRequest,
  type HttpResponse,
  type QBitFlow,
  type QBitFlowOptions,
} from '@qbitflow/core';
import { fakeClock, signDelivery, type FakeClock } from '@qbitflow/core/testing';
import { onTestFinished } from 'vitest';
import { collectingLogger, type CollectingLogger } from './collecting-logger.js';
import { settle } from './settle.js';

export const SECRET = 'whsec_test_0123456789';

export interface Shop {
  readonly kit: QBitFlow;
  readonly clock: FakeClock;
  readonly store: DurableStore;
  readonly logger: CollectingLogger;
  /** What `onError` was told. */
  readonly errors: { readonly error: Error; readonly facts: ErrorFacts }[];
  /** Signs a body as QBitFlow does and has it received. */
  readonly deliver: (
    body: unknown,
    options?: { version?: 'v1' | 'v2'; secret?: string; id?: string },
  ) => Promise<HttpResponse>;
  /** Ends the kit as its owner would, with time passing meanwhile. */
  readonly close: () => Promise<void>;
}

/** A kit on a memory store whose time stands still until it is turned; closed with the test. */
export function openShop(
  options: Omit<QBitFlowOptions, 'clock' | 'store'> & {
    readonly clock?: FakeClock;
    readonly store?: DurableStore;
  } = {},
): Shop {
  const clock = options.clock ?? fakeClock();
  const store = options.store ?? memoryStore({ clock });
  const logger = collectingLogger();
  const kit = createQBitFlow({
    webhookSecret: SECRET,
    logger,
    random: () => 1,
    ...options,
    clock,
    store,
  });
  const errors: Shop['errors'] = [];
  kit.onError((error, facts) => errors.push({ error, facts }));
  async function close(): Promise<void> {
    const closing = kit.close();
    await clock.advance(60_000);
    await closing;
  }
  onTestFinished(close);
  return {
    kit,
    clock,
    store,
    logger,
    errors,
    close,
    deliver: async (body, { version = 'v2', secret = SECRET, id } = {}) =>
      kit.handleWebhook(post(signDelivery({ version, body, secret, id, clock }))),
  };
}

/** A webhook request whose bytes a platform has read already. */
export function post(
  { headers, body }: ReturnType<typeof signDelivery>,
  changes: Partial<HttpRequest> = {},
): HttpRequest {
  return { method: 'POST', url: '/webhook', headers, rawBody: body, ...changes };
}

/** Resolves with the state of a delivery once nothing is in motion. */
export async function stateOf(store: DurableStore, key: string): Promise<string | undefined> {
  await settle();
  return (await store.get(key))?.state;
}

/** A store that behaves like `store`, but for the methods given. */
export function withChanges(store: DurableStore, changes: Partial<DurableStore>): DurableStore {
  return { ...store, ...changes };
}
