import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Machine } from '../machine.js';

/** Either way, boundary included (protocol §3). */
const TOLERANCE_S = 300;

/** A signature taken apart. */
export interface SignatureClaim {
  /** Unix seconds, as received. */
  readonly timestamp: string;
  /** Lower-case hex; one that matches is enough. */
  readonly digests: readonly string[];
  /** What was signed after the timestamp: v2's raw body, v1's canonical JSON. */
  readonly signed: string;
}

/** Whether one of the secrets that sign now has made one of the digests, not long ago. */
export function isSignedBody({ secrets, settings }: Machine, claim: SignatureClaim): boolean {
  if (!/^\d{1,18}$/.test(claim.timestamp)) return false;
  const ageS = Math.floor(settings.clock.now() / 1000) - Number(claim.timestamp);
  if (Math.abs(ageS) > TOLERANCE_S) return false;
  return secrets.active().some((secret) => {
    const digest = createHmac('sha256', secret).update(`${claim.timestamp}.${claim.signed}`);
    const expected = Buffer.from(digest.digest('hex'));
    return claim.digests.some((given) => equal(expected, Buffer.from(given)));
  });
}

function equal(expected: Buffer, given: Buffer): boolean {
  return expected.byteLength === given.byteLength && timingSafeEqual(expected, given);
}
