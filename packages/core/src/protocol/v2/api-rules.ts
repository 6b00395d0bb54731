import type { ApiRules } from '../generation.js';
import { askV2ToVerify, getExpiredV2Checkout, getV2Status } from './api.js';

/** What v2 is asked. */
export const v2ApiRules: ApiRules = {
  name: 'v2',
  remoteQuestion: askV2ToVerify,

  statusQueriesPerSecond: 100,
  statusQuestion: ({ uuid }) => uuid,
  getStatus: getV2Status,
  // Whoever failed to pay may try again: that is no status.
  inV2: (_kind, data) => data,
  getExpiredCheckout: getExpiredV2Checkout,

  // It does not describe sessions any more.
  readSession: async () => undefined,
};
