import { cancelEndpoint, type QBitFlow, type ReturnPageOptions } from '@qbitflow/core';
import type { RequestHandler } from 'express';
import { toHandler } from './to-handler.js';

/**
 * Shows a customer on the cancel URL what the API says. Throws `misconfigured` for options that cannot work.
 * @example app.get('/cancel', cancelHandler(qbitflow));
 */
export function cancelHandler(qbitflow: QBitFlow, options?: ReturnPageOptions): RequestHandler {
  return toHandler(cancelEndpoint(qbitflow, options));
}
