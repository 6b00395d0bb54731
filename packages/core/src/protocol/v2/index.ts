import type { Generation } from '../generation.js';
import { askV2ToVerify, getExpiredV2Checkout, getV2Status } from './api.js';
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
  needsHttpsInLiveMode: true,
};
