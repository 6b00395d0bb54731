import type { Generation } from '../generation.js';
import {
  askV1ToVerify,
  getExpiredV1Checkout,
  getV1Status,
  readV1Session,
  v1StatusChannel,
  v1StatusQuestion,
} from './api.js';
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
  needsHttpsInLiveMode: false,
};
