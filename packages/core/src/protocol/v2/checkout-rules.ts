import { QBitFlowError } from '../../errors.js';
import type { CheckoutRules } from '../generation.js';
import { expireV2Session } from './api.js';
import {
  createBodyV2,
  LONGEST_RETURN_URL,
  PRODUCT_ID,
  v2ParamNames,
  v2ParamsSchema,
  v2TotalFaults,
} from './checkout.js';
import { endSession, openV2Session } from './create-session.js';
import { v2 } from './index.js';

/** Checkouts on v2. */
export const v2CheckoutRules: CheckoutRules = {
  name: 'v2',
  getSession: getV2Session,
  expireSession: expireV2Session,
  endSession,
  openSession: openV2Session,

  createBody: createBodyV2,
  paramsSchema: v2ParamsSchema,
  paramNames: v2ParamNames,
  productIdField: PRODUCT_ID,
  ownProductFields: ['productName', 'price'],
  totalFaults: v2TotalFaults,
  longestReturnUrl: LONGEST_RETURN_URL,
  needsHttpsInLiveMode: v2.needsHttpsInLiveMode,
};

/** v2 has no such call. */
async function getV2Session(): Promise<never> {
  throw new QBitFlowError(
    'misconfigured',
    'v2 removed the call that reads a checkout session: ask getStatus() where it stands, keep its terms with your order, or set a baseUrl that ends in /v1',
  );
}
