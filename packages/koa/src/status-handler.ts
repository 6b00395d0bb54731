import { statusEndpoint, type QBitFlow, type StatusOptions } from '@qbitflow/core';
import type { Middleware } from 'koa';
import { toHandler } from './to-handler.js';

/**
 * Serves the live status, as JSON or as Server-Sent Events: for screens, never for fulfilment.
 * @example router.get('/status/:uuid', statusHandler(qbitflow));
 */
export function statusHandler(qbitflow: QBitFlow, options?: StatusOptions): Middleware {
  return toHandler(statusEndpoint(qbitflow, options));
}
