import * as z from 'zod';
import { isApiError } from '../../api/api-error.js';
import type { ApiClient } from '../../api/client.js';
import { findAnswer } from '../../api/answers.js';
import {
  alreadyPaid,
  type CheckoutDetails,
  type CheckoutSession,
  createPathOf,
  invalidCheckout,
  type Order,
  parseSession,
  paymentInProgress,
  stateOf,
  unreadable,
} from '../../checkout/session.js';
import { QBitFlowError } from '../../errors.js';
import { lazily } from '../../lazily.js';
import type { Runtime } from '../../runtime.js';
import { fieldKinds } from '../fields.js';
import type { CheckoutRules } from '../generation.js';
import { sessionCall } from './api.js';
import { createBodyV1, PRODUCT_ID, v1ParamNames, v1ParamsSchema } from './checkout.js';
import { v1 } from './index.js';
import { v1Schemas } from './schemas.js';
import { present } from './to-event.js';

/** Checkouts on v1. */
export const v1CheckoutRules: CheckoutRules = {
  name: 'v1',
  getSession: getV1Session,
  expireSession: expireV1Session,
  // It cannot: how far the session is, is all that can be known.
  endSession: stateOf,
  openSession: openV1Session,

  createBody: createBodyV1,
  paramsSchema: v1ParamsSchema,
  paramNames: v1ParamNames,
  productIdField: PRODUCT_ID,
  ownProductFields: ['productName', 'price', 'description'],
  totalFaults: () => [],
  longestReturnUrl: Infinity,
  needsHttpsInLiveMode: v1.needsHttpsInLiveMode,
};

const detailsSchema = lazily(() => {
  const { number } = fieldKinds();
  const cycle = { frequency: number, trialPeriod: number, minPeriods: number };
  return v1Schemas().session.extend({ ...cycle, options: z.looseObject(cycle).nullish() });
});

/** Asks v1 for a session's terms. */
async function getV1Session(api: ApiClient, uuid: string): Promise<CheckoutDetails | undefined> {
  const found = await findAnswer(api, sessionCall(uuid));
  if (found === undefined) return undefined;
  const parsed = detailsSchema().safeParse(found.answer);
  if (!parsed.success) throw unreadable('for a session', parsed.error);
  const { uuid: answered, customerUUID, ...rest } = parsed.data;
  return { ...rest, ...cycleOf(parsed.data), uuid: answered ?? uuid, customerUuid: customerUUID };
}

/** How a subscription runs; servers of SDK 1.x have it under `options`. */
function cycleOf({ options, ...session }: z.infer<ReturnType<typeof detailsSchema>>) {
  return present({
    frequency: session.frequency ?? options?.frequency,
    trialPeriod: session.trialPeriod ?? options?.trialPeriod,
    minPeriods: session.minPeriods ?? options?.minPeriods,
  });
}

/** v1 has no such call. */
async function expireV1Session(): Promise<never> {
  throw new QBitFlowError(
    'misconfigured',
    'v1 cannot expire a checkout session: set a baseUrl that ends in /v2, or let the link run out',
  );
}

/** v1 has no keys and ends no session: all that can be known is whether the old one's money is there or on its way. */
async function openV1Session(
  { api }: Runtime,
  order: Order,
  old: string | undefined,
): Promise<CheckoutSession> {
  const { body, kind, reference } = order;
  const state = old === undefined ? 'over' : await stateOf(api, old, kind);
  if (old !== undefined && state === 'paid') throw alreadyPaid({ uuid: old, reference });
  if (old !== undefined && state === 'under way') throw paymentInProgress({ uuid: old, reference });
  try {
    const answer = await api.request({ method: 'POST', path: createPathOf(order), body });
    return parseSession(answer, reference);
  } catch (error) {
    if (!isApiError(error) || error.status !== 400) throw error;
    throw invalidCheckout([{ field: '', message: error.message }], { cause: error });
  }
}
