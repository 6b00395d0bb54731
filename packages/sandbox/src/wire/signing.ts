import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@qbitflow/core';
import { signDelivery } from '@qbitflow/core/testing';
import type { SandboxEvent } from '../state/events.js';
import type { Machine } from '../state/sandbox-state.js';

/** What to sign with, and when. */
export interface Signing {
  /** The newest first. v2 signs with all of them; v1's one header takes the newest. */
  readonly secrets: readonly string[];
  /** Unix seconds. */
  readonly timestamp: number;
}

/** A request ready to be sent. */
export interface SignedDelivery {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Signs an event as its generation does (protocol §3). */
export function sign(event: SandboxEvent, signing: Signing): SignedDelivery {
  const { headers, body } = signDelivery({
    version: event.version,
    body: event.text,
    secret: signing.secrets,
    timestamp: signing.timestamp,
  });
  return {
    headers: {
      'user-agent': 'qbitflow-sandbox',
      'content-length': String(body.byteLength),
      ...headers,
    },
    body,
  };
}

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

/** How long a secret still signs after its rotation, as at QBitFlow: 24 h, in ms. */
const GRACE_MS = 24 * 3_600_000;

/** The endpoint's signing secrets. */
export interface Secrets {
  /** The newest. */
  readonly current: () => string;
  /** All that sign now, the newest first. */
  readonly active: () => readonly string[];
  /** Makes `secret` the current one; the one before keeps signing for 24 hours. */
  readonly rotate: (secret: string) => void;
}

/** Starts with one secret. */
export function createSecrets(first: string, clock: Clock): Secrets {
  let current = first;
  let previous: { readonly secret: string; readonly until: number } | undefined;
  return {
    current: () => current,
    active: () =>
      previous !== undefined && clock.now() < previous.until
        ? [current, previous.secret]
        : [current],
    rotate(secret) {
      previous = { secret: current, until: clock.now() + GRACE_MS };
      current = secret;
    },
  };
}

/** Makes a new signing secret, or takes the given one, and returns it. The old one signs beside it for 24 hours. */
export function rotateSecret({ ids, secrets }: Machine, secret = `whsec_${ids.hex(32)}`): string {
  secrets.rotate(secret);
  return secret;
}
