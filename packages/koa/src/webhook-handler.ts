import { webhookEndpoint, type QBitFlow } from '@qbitflow/core';
import type { Middleware } from 'koa';
import { toHandler } from './to-handler.js';

/**
 * Takes in deliveries. Mount it before any body parser.
 * @example router.all('/webhook', webhookHandler(qbitflow));
 */
export function webhookHandler(qbitflow: QBitFlow): Middleware {
  return toHandler(webhookEndpoint(qbitflow));
}
