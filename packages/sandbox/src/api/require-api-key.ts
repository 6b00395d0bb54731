import type { Middleware } from 'koa';
import { ApiError } from './api-error.js';

/** Lets only requests with the right `X-API-Key` through; answers 401 otherwise. */
export function requireApiKey(apiKey: string): Middleware {
  return async (context, next) => {
    checkApiKey(apiKey, context.get('x-api-key'));
    await next();
  };
}

/** Throws 401 unless `given`, the header's value or nothing, is the key. */
export function checkApiKey(apiKey: string, given: string): void {
  if (given === '') throw new ApiError(401, 'unauthorized', 'the X-API-Key header is missing');
  if (given !== apiKey) throw new ApiError(401, 'unauthorized', 'the API key is not valid');
}
