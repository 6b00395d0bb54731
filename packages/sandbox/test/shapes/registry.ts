import type { z } from 'zod';
import * as v2Answers from './answers-v2.js';
import * as v1 from './bodies-v1.js';
import { envelope, eventDataV2 } from './events-v2.js';

/** One kind of body of one generation, and where it occurs. */
export interface Shape {
  /** Routes, `webhook <type>`, `message` of the WebSocket, or `error` of any route. */
  readonly of: readonly string[];
  readonly schema: z.ZodType;
}

const SESSIONS = '/transaction/session-checkout';
const CREATES = [`POST ${SESSIONS}/new/payment`, `POST ${SESSIONS}/new/subscription`];

const webhooksV2 = Object.fromEntries(
  (Object.keys(eventDataV2) as (keyof typeof eventDataV2)[]).map((type): [string, Shape] => [
    type,
    { of: [`webhook ${type}`], schema: envelope(type) },
  ]),
);

/** The shape of every body in scope, by the protocol alone: strict, where the kit's own schemas are tolerant. */
export const shapes: Readonly<Record<'v1' | 'v2', Readonly<Record<string, Shape>>>> = {
  v1: {
    created: { of: [...CREATES, `POST ${SESSIONS}`], schema: v1.created },
    paymentSession: { of: [`GET ${SESSIONS}/:uuid`], schema: v1.paymentSession },
    subscriptionSession: { of: [`GET ${SESSIONS}/:uuid`], schema: v1.subscriptionSession },
    legacyPaymentSession: { of: [`GET ${SESSIONS}/:uuid`], schema: v1.legacyPaymentSession },
    legacySubscriptionSession: {
      of: [`GET ${SESSIONS}/:uuid`],
      schema: v1.legacySubscriptionSession,
    },
    status: { of: ['GET /transaction/status'], schema: v1.status },
    legacyStatus: { of: ['GET /transaction/status'], schema: v1.legacyStatus },
    statusMessage: { of: ['message'], schema: v1.statusMessage },
    statusError: { of: ['message'], schema: v1.statusError },
    payment: { of: ['GET /transaction/payment/:uuid'], schema: v1.paymentRead },
    subscription: { of: ['GET /transaction/subscription/:uuid'], schema: v1.subscriptionRead },
    verified: { of: ['POST /webhooks/verify'], schema: v1.verified },
    transactionWebhook: { of: ['webhook transaction'], schema: v1.transactionWebhook },
    legacyTransactionWebhook: { of: ['webhook transaction'], schema: v1.legacyTransactionWebhook },
    connectivityTest: { of: ['webhook connectivity test'], schema: v1.connectivityTest },
    billingWebhook: { of: ['webhook billing'], schema: v1.billingWebhook },
    statusTransitionWebhook: {
      of: ['webhook status_transition'],
      schema: v1.statusTransitionWebhook,
    },
    error: { of: ['error'], schema: v1.error },
  },
  v2: {
    created: { of: CREATES, schema: v2Answers.created },
    status: {
      of: [`GET ${SESSIONS}/:uuid/status`, `POST ${SESSIONS}/:uuid/expire`],
      schema: v2Answers.status,
    },
    payment: { of: ['GET /transaction/payment/:uuid'], schema: v2Answers.payment },
    subscription: {
      of: ['GET /transaction/subscription/:uuid'],
      schema: v2Answers.subscriptionRead,
    },
    verified: { of: ['POST /webhooks/verify'], schema: v2Answers.verified },
    eventPage: { of: ['GET /webhooks/events'], schema: v2Answers.eventPage },
    eventDetail: { of: ['GET /webhooks/events/:id'], schema: v2Answers.eventDetail },
    me: { of: ['GET /me'], schema: v2Answers.me },
    error: { of: ['error'], schema: v2Answers.error },
    ...webhooksV2,
  },
};
