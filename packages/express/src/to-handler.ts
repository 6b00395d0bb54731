import { answerNodeRequest, type Endpoint } from '@qbitflow/core';
import type { RequestHandler } from 'express';
import { toRequest } from './to-request.js';

/** An endpoint as an Express handler, which answers for itself and never calls `next`. */
export function toHandler(endpoint: Endpoint): RequestHandler {
  // With three parameters koa-connect, for one, waits until it is answered.
  return (request, response, _next) => {
    answerNodeRequest(endpoint, toRequest(request), response);
  };
}
