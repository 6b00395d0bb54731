import type { Generation } from '../generation.js';
import { v1Signing } from './signature.js';
import { isV1Body, isV1ConnectivityTest, v1ToEvent } from './to-event.js';

/** QBitFlow's first API: it signs a body's value, sends no event ids, and ends no session. */
export const v1: Generation = {
  name: 'v1',
  signing: v1Signing,

  isBody: isV1Body,
  toEvent: v1ToEvent,
  isConnectivityTest: isV1ConnectivityTest,

  asksByEndpoint: false,
  needsHttpsInLiveMode: false,
};
