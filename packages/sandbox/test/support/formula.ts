import { createHmac } from 'node:crypto';
import type { Received } from './receiver.js';

/** protocol §3, v2: hex(HMAC-SHA256(secret, t + "." + rawBody)). */
export function digestV2({ body, headers }: Received, secret: string): string {
  const t = /t=(\d+)/.exec(String(headers['qbitflow-signature']))?.[1] ?? '';
  return createHmac('sha256', secret).update(`${t}.${body}`).digest('hex');
}

/** protocol §3, v1: "sha256=" + hex(HMAC-SHA256(secret, timestamp + "." + canonical(body))). */
export function signatureV1({ body, headers }: Received, secret: string): string {
  const timestamp = String(headers['x-webhook-timestamp']);
  const signed = `${timestamp}.${canonical(JSON.parse(body))}`;
  return `sha256=${createHmac('sha256', secret).update(signed).digest('hex')}`;
}

/** Enough of Go's encoding for the sandbox's own bodies, which hold ASCII and plain numbers only. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return escaped(JSON.stringify(value));
  const pairs = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${pairs.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}

function escaped(json: string): string {
  return json.replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026');
}
