import { signDelivery } from '@qbitflow/core/testing';
import type { SandboxEvent } from '../state/event-log.js';

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
