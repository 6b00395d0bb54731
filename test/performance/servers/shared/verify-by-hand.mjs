// What a careful developer writes after reading QBitFlow's webhook page: no library, no rotation, no v1.
import { createHmac, timingSafeEqual } from 'node:crypto';

const secret = process.env.QBITFLOW_WEBHOOK_SECRET;
const TOLERANCE_S = 300;

/** Whether `rawBody` (bytes) was signed with the secret, less than five minutes ago. */
export function isGenuine(header, rawBody) {
  if (typeof header !== 'string') return false;
  const parts = Object.fromEntries(header.split(',').map((part) => part.trim().split('=', 2)));
  if (!(Math.abs(Date.now() / 1000 - Number(parts.t)) <= TOLERANCE_S)) return false;
  const expected = createHmac('sha256', secret).update(`${parts.t}.`).update(rawBody).digest('hex');
  const given = Buffer.from(parts.v1 ?? '');
  return given.length === expected.length && timingSafeEqual(given, Buffer.from(expected));
}
