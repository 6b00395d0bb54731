import { createQBitFlow, type HttpResponse, type IdempotencyStore } from '@qbitflow/core';
import { signDelivery, type FakeClock } from '@qbitflow/core/testing';
import { onTestFinished } from 'vitest';
import { post, SECRET } from '../support/shop.js';

/** A kit, one of several, whose keys are in `store`; closed with the test. */
export function openInstance(clock: FakeClock, store: IdempotencyStore) {
  const kit = createQBitFlow({
    logger: false,
    webhookSecret: SECRET,
    clock,
    store,
    random: () => 1,
  });
  const errors: Error[] = [];
  const runs: string[] = [];
  kit.onError((error) => errors.push(error));
  kit.onAny(({ key }) => runs.push(key));
  onTestFinished(async () => {
    const closing = kit.close();
    await clock.advance(60_000);
    await closing;
  });
  return {
    kit,
    errors,
    /** Has loaded what shares keys, which takes no time of the clock's. */
    load: async () => kit.deliveries.replay('none'),
    /** The keys its handler was called with. */
    runs,
    deliver: async (body: unknown): Promise<HttpResponse> =>
      kit.handleWebhook(post(signDelivery({ version: 'v2', body, secret: SECRET, clock }))),
  };
}
