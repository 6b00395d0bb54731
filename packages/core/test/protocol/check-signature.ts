import type { DeliveryCheck, SignatureRules } from '../../src/protocol/generation.js';
import { type HeaderInput, refused } from '../../src/protocol/signature.js';
import { readV1Claim } from '../../src/protocol/v1/signature.js';
import { readV2Claim } from '../../src/protocol/v2/signature.js';

/** Checks a delivery's signature of v2, headers and body at one time. */
export function checkV2Signature(
  input: HeaderInput & SignatureRules & { readonly body: Uint8Array },
): DeliveryCheck {
  const claim = readV2Claim(input) ?? refused('missing_header');
  if (claim.result === 'refused') return claim;
  return claim.check({ kind: 'bytes', bytes: Buffer.from(input.body) }, input);
}

/** Checks a delivery's signature of v1, headers and value at one time. */
export function checkV1Signature(
  input: HeaderInput & SignatureRules & { readonly value: unknown },
): DeliveryCheck {
  const claim = readV1Claim(input) ?? refused('missing_header');
  if (claim.result === 'refused') return claim;
  return claim.check({ kind: 'value', value: input.value }, input);
}
