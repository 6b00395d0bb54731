import { createHash } from 'node:crypto';
import { canonicalJson } from './v1/canonical-json.js';

/** Names a body that brings no id of its own: 32 hex digits, equal for equal values. Throws as `canonicalJson` does. */
export function fingerprint(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 32);
}
