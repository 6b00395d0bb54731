import type { HttpHeaders } from '../http.js';

/** Header of v2's signature. */
export const V2_SIGNATURE_HEADER = 'qbitflow-signature';
/** Header of v1's signature. */
export const V1_SIGNATURE_HEADER = 'x-webhook-signature-256';
/** Header of the time v1's signature was made. */
export const V1_TIMESTAMP_HEADER = 'x-webhook-timestamp';

/**
 * The API generation that signed a delivery, told by its headers alone. With both present v2 wins: adding v1's
 * headers to a delivery must not lead it to the check that signs less of it.
 */
export function generationOf(headers: HttpHeaders): 'v1' | 'v2' | undefined {
  if (headers[V2_SIGNATURE_HEADER] !== undefined) return 'v2';
  const v1 = headers[V1_SIGNATURE_HEADER] ?? headers[V1_TIMESTAMP_HEADER];
  return v1 === undefined ? undefined : 'v1';
}
