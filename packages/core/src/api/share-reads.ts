import type { Clock } from '../clock.js';
import { createRotatingMap } from '../rotating-map.js';
import type { ApiClient } from './client.js';

const KEPT_MS = 5_000;
const REMEMBERED = 1_000;

/**
 * The same client, but reads of one path at once, or shortly after one another, are one read: a paid page shows a
 * transaction and records it. A read that failed is not kept.
 */
export function shareReads(api: ApiClient, clock: Clock): ApiClient {
  const reads = createRotatingMap<{ readonly answer: Promise<unknown>; until: number }>(REMEMBERED);
  return {
    generation: api.generation,
    async request(call) {
      if (call.method !== 'GET') return api.request(call);
      const key = `${call.generation ?? ''} ${call.path} ${JSON.stringify(call.query)}`;
      const known = reads.get(key);
      if (known !== undefined && clock.now() < known.until) return known.answer;
      const read = { answer: api.request(call), until: clock.now() + KEPT_MS };
      reads.set(key, read);
      read.answer.catch(() => {
        read.until = 0;
      });
      return read.answer;
    },
  };
}
