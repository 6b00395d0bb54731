import { ApiError } from '../api-error.js';

/** The id that a status is asked for, under the names of today's servers or of SDK 1.x's. Throws 400 without id or type. */
export function readStatusQuery(querystring: string): string {
  const query = new URLSearchParams(querystring);
  const uuid = query.get('txUUID') || query.get('transactionUUID');
  const type = query.get('txType') || query.get('transactionStatusType');
  if (uuid && type) return uuid;
  throw new ApiError(400, 'validation_failed', 'txUUID and txType are required');
}
