import type { Generation } from '../generation.js';
import {
  askV1ToVerify,
  expireV1Session,
  getExpiredV1Checkout,
  getV1Session,
  getV1Status,
  openV1Session,
  readV1Session,
  v1StatusChannel,
  v1StatusQuestion,
} from './api.js';
import { createBodyV1, PRODUCT_ID, v1ParamNames, v1ParamsSchema } from './checkout.js';
import { stateOf } from '../../checkout/session.js';
import { v1Signing } from './signature.js';
import { isV1Body, isV1ConnectivityTest, v1ToEvent } from './to-event.js';
import { transactionInV2 } from './v2-names.js';

/** QBitFlow's first API: it signs a body's value, sends no event ids, and ends no session. */
export const v1: Generation = {
  name: 'v1',
  signing: v1Signing,

  isBody: isV1Body,
  toEvent: v1ToEvent,
  isConnectivityTest: isV1ConnectivityTest,

  asksByEndpoint: false,
  remoteQuestion: askV1ToVerify,

  // Two calls to find out that there is nothing, and two until a payment has begun.
  statusQueriesPerSecond: 50,
  statusQuestion: v1StatusQuestion,
  getStatus: getV1Status,
  statusChannel: v1StatusChannel,
  inV2: transactionInV2,
  getExpiredCheckout: getExpiredV1Checkout,

  readSession: readV1Session,
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
  needsHttpsInLiveMode: false,
};
