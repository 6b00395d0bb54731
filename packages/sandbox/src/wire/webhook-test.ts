import type { Session } from '../state/sessions.js';
import { transactionWebhook, type WebhookBody } from './bodies-v1.js';
import { space } from './demo-data.js';
import type { EventBody } from './events-v2.js';

/** v1's dashboard marks its test by the id of the transaction that it invents: receivers verify it and do nothing. */
const TEST_ID = 'test-webhook-id';

/** The dashboard's connectivity test, in v2's words. */
export const webhookTestV2: EventBody = {
  type: 'webhook.test',
  data: {
    endpointUuid: space.endpointUuid,
    message: 'This is a test of your webhook endpoint: nothing happened.',
  },
};

/** The same in v1's: a completed payment that never was, made up as of `at` (ms). */
export function webhookTestV1(at: number): WebhookBody {
  const session: Session = {
    uuid: TEST_ID,
    link: 'https://checkout.invalid/test-webhook',
    terms: {
      kind: 'payment',
      txType: 'payment',
      placeholderType: 'payment',
      legacy: false,
      productName: 'Webhook test',
      description: 'This is a test of your webhook endpoint: nothing happened.',
      price: 1,
    },
    status: 'completed',
    createdAt: at,
    expiresAt: at,
    completedAt: at,
    txHash: `0x${'0'.repeat(64)}`,
  };
  return transactionWebhook(session, 'test');
}
