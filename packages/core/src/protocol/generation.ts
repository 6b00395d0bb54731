import { headerOf, type HttpHeaders } from '../http/http.js';
import { trimWhiteSpace } from './signature.js';

/** One of QBitFlow's two API generations: whose signature a delivery has, or what its body is. */
export type Generation = 'v1' | 'v2';

/** Both, for whoever has switched neither off. */
export const GENERATIONS: readonly Generation[] = ['v2', 'v1'];

/** Header of v2's signature. */
export const V2_SIGNATURE_HEADER = 'qbitflow-signature';
/** Header of v1's signature. */
export const V1_SIGNATURE_HEADER = 'x-webhook-signature-256';
/** Header of the time v1's signature was made. */
export const V1_TIMESTAMP_HEADER = 'x-webhook-timestamp';

/** All that a delivery can be verified with. */
export const SIGNATURE_HEADERS = [
  V2_SIGNATURE_HEADER,
  V1_SIGNATURE_HEADER,
  V1_TIMESTAMP_HEADER,
] as const;

/** A header of a delivery; a blank one is as good as none. */
export function filledHeader(headers: HttpHeaders, name: string): string | undefined {
  const value = headerOf(headers, name);
  return value === undefined || trimWhiteSpace(value) === '' ? undefined : value;
}

/**
 * Whose signatures a delivery carries, told by its headers alone, v2's first, of those that are accepted. It may carry
 * both: either one proves it genuine, and neither says what its body is, because one secret may sign for both.
 */
export function signaturesIn(
  headers: HttpHeaders,
  accepted: readonly Generation[] = GENERATIONS,
): readonly Generation[] {
  const carried: Generation[] = [];
  if (accepted.includes('v2') && carries(headers, V2_SIGNATURE_HEADER)) carried.push('v2');
  const isV1 = carries(headers, V1_SIGNATURE_HEADER) || carries(headers, V1_TIMESTAMP_HEADER);
  if (accepted.includes('v1') && isV1) carried.push('v1');
  return carried;
}

function carries(headers: HttpHeaders, name: string): boolean {
  return filledHeader(headers, name) !== undefined;
}

/**
 * What the sender says the body is, else whose signature it has. Good for naming what cannot be read: the header is
 * not signed, so it has no say in how a body is understood.
 */
export function presumedGeneration(headers: HttpHeaders, signedBy: Generation): Generation {
  const said = headerOf(headers, 'qbitflow-webhook-version');
  return said === 'v1' || said === 'v2' ? said : signedBy;
}
