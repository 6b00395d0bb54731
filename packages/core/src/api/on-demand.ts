import { onDemand } from '../on-demand.js';
import { assertApiKey } from './api-key.js';
import type { ApiClient, ApiClientOptions } from './client.js';

/**
 * The client of a kit, loaded with its first call: a process that only takes deliveries makes none. Throws
 * `misconfigured` on a key no header can carry; calls reject with that where the client cannot be loaded.
 */
export function createApi(options: ApiClientOptions): ApiClient {
  assertApiKey(options.apiKey);
  const loaded = onDemand(async () => (await import('./client.js')).createApiClient(options));
  return {
    generation: options.apiGeneration,
    request: async (call) => (await loaded()).request(call),
  };
}
