import type { Middleware } from 'koa';
import { ApiError } from './api-error.js';

/** Lets only requests with the right `X-API-Key` through; answers 401 otherwise. */
export function requireApiKey(apiKey: string): Middleware {
  return async (context, next) => {
    const given = context.get('x-api-key');
    if (given === '') throw new ApiError(401, 'unauthorized', 'the X-API-Key header is missing');
    if (given !== apiKey) throw new ApiError(401, 'unauthorized', 'the API key is not valid');
    await next();
  };
}
