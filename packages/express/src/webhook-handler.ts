import { webhookEndpoint, type QBitFlow } from '@qbitflow/core';
import type { RequestHandler } from 'express';
import { toHandler } from './to-handler.js';

/**
 * Takes in deliveries. Mount it before `express.json()`.
 * @example app.all('/webhook', webhookHandler(qbitflow));
 */
export function webhookHandler(qbitflow: QBitFlow): RequestHandler {
  return toHandler(webhookEndpoint(qbitflow));
}
