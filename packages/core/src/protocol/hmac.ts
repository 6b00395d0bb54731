import { createHmac, createSecretKey, timingSafeEqual, type Hmac } from 'node:crypto';
import { QBitFlowError } from '../errors.js';
import { oddityOfSecret } from '../oddity.js';

/** A webhook secret, ready to sign. */
export interface HmacKey {
  /** HMAC-SHA256 of the parts one after the other (text as UTF-8): 64 lower-case hex digits. */
  hex(...parts: readonly (string | Uint8Array)[]): string;
  /** An HMAC-SHA256 to be fed piece by piece. */
  begin(): Hmac;
  /** What looks wrong with the secret, if anything does: it is taken as it is. */
  readonly oddity: string | undefined;
}

/** Prepares a secret; the whole text is the key. Throws `misconfigured` for an empty one. */
export function createHmacKey(secret: string): HmacKey {
  if (secret === '') {
    throw new QBitFlowError(
      'misconfigured',
      'the webhook secret is empty: copy it from the QBitFlow dashboard',
    );
  }
  // A key object and hex output: a quarter faster on Node 20 than copying prepared hash states or asking for bytes.
  const key = createSecretKey(secret, 'utf8');
  const begin = (): Hmac => createHmac('sha256', key);
  return {
    begin,
    hex(...parts) {
      const hmac = begin();
      for (const part of parts) hmac.update(part);
      return hmac.digest('hex');
    },
    oddity: oddityOfSecret(secret),
  };
}

const DIGEST = /^[0-9a-f]{64}$/;

/** Whether a text can be a digest at all: one that cannot is not worth hashing anything for. */
export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

/** Whether any candidate equals any digest. Each pair is compared, each in constant time. */
export function anyMatches(candidates: readonly string[], digests: readonly string[]): boolean {
  const wanted = digests.map((digest) => Buffer.from(digest, 'latin1'));
  let found = false;
  for (const candidate of candidates) {
    if (!isDigest(candidate)) continue;
    const bytes = Buffer.from(candidate, 'latin1');
    for (const digest of wanted) found = timingSafeEqual(bytes, digest) || found;
  }
  return found;
}

/** What to say about keys none of which matched. */
export function hintAboutKeys(keys: readonly HmacKey[]): string | undefined {
  const oddity = keys.find((key) => key.oddity !== undefined)?.oddity;
  return oddity === undefined ? undefined : `the secret ${oddity}`;
}
