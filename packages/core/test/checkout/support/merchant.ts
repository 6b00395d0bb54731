import {
  createQBitFlow,
  type ErrorFacts,
  type QBitFlow,
  type QBitFlowOptions,
} from '@qbitflow/core';
import { onTestFinished } from 'vitest';
import { type ApiServer, startApi } from '../../api/support/api-server.js';
import {
  API_KEY,
  type CollectingLogger,
  collectingLogger,
  eagerClock,
} from '../../api/support/kit.js';

export const UUID = 'pay@01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f';
export const LINK = 'https://checkout.qbitflow.test/pay@01a0c0c7';
/** Of a customer or a product. */
export const ID = '0c0ffee0-5a6b-4c7d-8e9f-0a1b2c3d4e5f';
export const PAYMENT_PATH = '/transaction/session-checkout/new/payment';
export const SUBSCRIPTION_PATH = '/transaction/session-checkout/new/subscription';

/** A packet of tea, as either generation takes it. */
export const TEA = { productName: 'Tea', description: 'One packet', price: 4.5 };

export interface Merchant {
  readonly kit: QBitFlow;
  readonly api: ApiServer;
  readonly logger: CollectingLogger;
  readonly errors: { readonly error: Error; readonly facts: ErrorFacts }[];
  /** The bodies the API was sent, oldest first. */
  readonly bodies: () => unknown[];
  /** What it was asked to do, beside what it was only asked about. */
  readonly posts: () => ApiServer['requests'];
}

/** A kit whose API opens every session; retries do not wait. */
export async function openMerchant(
  generation: 'v1' | 'v2' = 'v2',
  options: Partial<QBitFlowOptions> = {},
): Promise<Merchant> {
  const api = await startApi();
  const answer =
    generation === 'v1'
      ? { status: 200, json: { uuid: UUID, link: LINK, expiresAt: 1_790_942_400 } }
      : { status: 201, json: { uuid: UUID, link: LINK, expiresAt: '2026-10-02T12:00:00Z' } };
  api.on(`/${generation}${PAYMENT_PATH}`, answer);
  api.on(`/${generation}${SUBSCRIPTION_PATH}`, answer);
  const logger = collectingLogger();
  const clock = eagerClock();
  const kit = createQBitFlow({
    apiKey: API_KEY,
    baseUrl: `${api.origin}/${generation}`,
    webhookSecret: 'whsec_test_0123456789',
    logger,
    // Waits are over at once; an attempt's time limit is the API's to reach, and it answers.
    clock: {
      ...clock,
      after: (ms, run) => (ms >= 30_000 ? () => undefined : clock.after(ms, run)),
    },
    ...options,
  });
  const errors: Merchant['errors'] = [];
  kit.onError((error, facts) => errors.push({ error, facts }));
  onTestFinished(async () => kit.close());
  const posts = () => api.requests.filter(({ method }) => method === 'POST');
  return {
    kit,
    api,
    logger,
    errors,
    bodies: () => posts().map(({ body }): unknown => JSON.parse(body)),
    posts,
  };
}
