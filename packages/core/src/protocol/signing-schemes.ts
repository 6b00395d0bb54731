import type { HttpHeaders } from '../http/http.js';
import { GENERATION_NAMES, type GenerationName, type SigningScheme } from './generation.js';
import { v1Signing } from './v1/signature.js';
import { v2Signing } from './v2/signature.js';

// Apart from the generations themselves: who only checks signatures bundles neither schemas nor the API's calls.

const BY_NAME: Readonly<Record<GenerationName, SigningScheme>> = { v1: v1Signing, v2: v2Signing };

/** How every generation signs, in the order in which they are tried. */
export const SIGNING_SCHEMES: readonly SigningScheme[] = GENERATION_NAMES.map(
  (name) => BY_NAME[name],
);

/** All headers that a delivery can be verified with. */
export const SIGNATURE_HEADERS: readonly string[] = SIGNING_SCHEMES.flatMap(
  ({ signatureHeaders }) => signatureHeaders,
);

/** How the generations of some names sign, in the order in which they are tried. */
export function signingSchemesNamed(names: readonly GenerationName[]): readonly SigningScheme[] {
  return SIGNING_SCHEMES.filter(({ name }) => names.includes(name));
}

/**
 * Whose signatures a delivery carries, told by its headers alone, of those that are accepted. It may carry several: any
 * of them proves it genuine, and none says what its body is, because one secret may sign for all.
 */
export function signaturesIn(headers: HttpHeaders): readonly SigningScheme[] {
  return SIGNING_SCHEMES.filter(({ isSigned }) => isSigned(headers));
}
