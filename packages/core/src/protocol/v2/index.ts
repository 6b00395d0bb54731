import type { Generation } from '../generation.js';
import {
  askV2ToVerify,
  expireV2Session,
  getExpiredV2Checkout,
  getV2Session,
  getV2Status,
} from './api.js';
import {
  createBodyV2,
  LONGEST_RETURN_URL,
  PRODUCT_ID,
  v2ParamNames,
  v2ParamsSchema,
  v2TotalFaults,
} from './checkout.js';
import { endSession, openV2Session } from './create-session.js';
import { v2Signing } from './signature.js';
import { isV2Body, v2ToEvent } from './to-event.js';

/** QBitFlow's second API: it signs a body's bytes, sends every event in one envelope, and opens a session once. */
export const v2: Generation = {
  name: 'v2',
  signing: v2Signing,

  isBody: isV2Body,
  toEvent: v2ToEvent,
  // There is an event for it.
  isConnectivityTest: () => false,

  asksByEndpoint: true,
  remoteQuestion: askV2ToVerify,

  statusQueriesPerSecond: 100,
  statusQuestion: ({ uuid }) => uuid,
  getStatus: getV2Status,
  // Whoever failed to pay may try again: that is no status.
  inV2: (_kind, data) => data,
  getExpiredCheckout: getExpiredV2Checkout,

  // It does not describe sessions any more.
  readSession: async () => undefined,
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
  needsHttpsInLiveMode: true,
};
