import type { Machine } from '../machine.js';

/** Makes a new signing secret, or takes the given one, and returns it. The old one signs beside it for 24 hours. */
export function rotateSecret({ ids, secrets }: Machine, secret = `whsec_${ids.hex(32)}`): string {
  secrets.rotate(secret);
  return secret;
}
