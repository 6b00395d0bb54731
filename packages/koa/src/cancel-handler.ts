import { cancelEndpoint, type QBitFlow, type ReturnPageOptions } from '@qbitflow/core';
import type { Middleware } from 'koa';
import { toHandler } from './to-handler.js';

/**
 * Shows a customer on the cancel URL what the API says. Throws `misconfigured` for options that cannot work.
 * @example router.get('/cancel', cancelHandler(qbitflow));
 */
export function cancelHandler(qbitflow: QBitFlow, options?: ReturnPageOptions): Middleware {
  return toHandler(cancelEndpoint(qbitflow, options));
}
