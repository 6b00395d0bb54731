import { successEndpoint, type QBitFlow, type ReturnPageOptions } from '@qbitflow/core';
import type { RequestHandler } from 'express';
import { toHandler } from './to-handler.js';

/**
 * Shows a customer on the success URL what the API says. Throws `misconfigured` for options that cannot work.
 * @example app.get('/success', successHandler(qbitflow));
 */
export function successHandler(qbitflow: QBitFlow, options?: ReturnPageOptions): RequestHandler {
  return toHandler(successEndpoint(qbitflow, options));
}
