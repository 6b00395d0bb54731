import { successEndpoint, type QBitFlow, type ReturnPageOptions } from '@qbitflow/core';
import type { Middleware } from 'koa';
import { toHandler } from './to-handler.js';

/**
 * Shows a customer on the success URL what the API says. Throws `misconfigured` for options that cannot work.
 * @example router.get('/success', successHandler(qbitflow));
 */
export function successHandler(qbitflow: QBitFlow, options?: ReturnPageOptions): Middleware {
  return toHandler(successEndpoint(qbitflow, options));
}
