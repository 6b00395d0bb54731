import { headerOf, type HttpHeaders } from '../http/http.js';
import type { Generation } from '../protocol/generation.js';
import type { BodyReading } from '../protocol/parse-body.js';

/** v1's name of the dashboard's connectivity test, where a transaction's id would be. */
const TEST_ID = 'test-webhook-id';

/**
 * Whether a verified delivery is v1's connectivity test, which is nobody's payment: by `X-Webhook-Id`, or by the id in
 * its body where it comes with v2's headers. v2 has an event of its own for that.
 */
export function isConnectivityTest(
  headers: HttpHeaders,
  signedBy: Generation,
  { version, parsed }: BodyReading,
): boolean {
  const isOfV1 = signedBy === 'v1' || version === 'v1';
  if (isOfV1 && headerOf(headers, 'x-webhook-id') === TEST_ID) return true;
  return parsed.ok && parsed.event.version === 'v1' && parsed.event.raw['uuid'] === TEST_ID;
}
