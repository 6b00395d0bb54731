import type { Context } from 'koa';
import { CheckoutError } from '../../checkout/checkout-error.js';
import { findSession } from '../../checkout/find-session.js';
import type { Machine } from '../../machine.js';
import { statusV1 } from '../../wire/v1/status.js';
import { readStatusQuery } from './read-status-query.js';

/** `GET /transaction/status?txUUID&txType`, or under the names of SDK 1.x; 404 while nothing was processed. */
export function getStatusV1(machine: Machine, context: Context): void {
  const status = statusV1(findSession(machine, readStatusQuery(context.querystring)));
  if (status === undefined)
    throw new CheckoutError('unknown', 'nothing has been processed for this transaction yet');
  context.body = status;
}
