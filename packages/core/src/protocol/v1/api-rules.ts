import type { ApiRules } from '../generation.js';
import {
  askV1ToVerify,
  getExpiredV1Checkout,
  getV1Status,
  readV1Session,
  v1StatusChannel,
  v1StatusQuestion,
} from './api.js';
import { transactionInV2 } from './look-in-v2.js';

/** What v1 is asked. */
export const v1ApiRules: ApiRules = {
  name: 'v1',
  remoteQuestion: askV1ToVerify,

  // Two calls to find out that there is nothing, and two until a payment has begun.
  statusQueriesPerSecond: 50,
  statusQuestion: v1StatusQuestion,
  getStatus: getV1Status,
  statusChannel: v1StatusChannel,
  inV2: transactionInV2,
  getExpiredCheckout: getExpiredV1Checkout,

  readSession: readV1Session,
};
