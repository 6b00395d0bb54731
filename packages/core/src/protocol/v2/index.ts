import type { Generation } from '../generation.js';
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
  needsHttpsInLiveMode: true,
};
