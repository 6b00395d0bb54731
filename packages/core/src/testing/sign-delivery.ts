import { isUint8Array } from 'node:util/types';
import { systemClock, type Clock } from '../clock.js';
import { QBitFlowError } from '../errors.js';
import {
  createHmacKey,
  V1_SIGNATURE_HEADER,
  V1_TIMESTAMP_HEADER,
  V2_SIGNATURE_HEADER,
} from '../protocol/signature.js';
import { isJsonObject, type JsonObject } from '../protocol/json.js';
import { canonicalJson } from '../protocol/v1/canonical-json.js';

/** What {@link signDelivery} takes. */
export interface SignDeliveryOptions {
  readonly version: 'v1' | 'v2';
  /** Text and bytes are sent as they are, anything else as JSON. */
  readonly body: unknown;
  /** During v2's rotation of secrets there are two, newest first; v1 signs with the first alone. */
  readonly secret: string | readonly string[];
  /** Unix seconds. @default now */
  readonly timestamp?: number | undefined;
  /** v1's `X-Webhook-Id`, v2's `QBitFlow-Event-Id`. @default the id in the body */
  readonly id?: string | undefined;
  /** Says what now is. @default the machine's clock */
  readonly clock?: Clock | undefined;
}

/** A delivery as QBitFlow sends it: lower-case header names and the bytes of the body. */
export interface SignedDelivery {
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/**
 * Signs a delivery as QBitFlow does, for tests of what receives it.
 * @throws `misconfigured` without a secret, and for a v1 body that is not JSON: v1 signs the decoded value
 * @example
 * ```js
 * import { createQBitFlow, memoryStore } from '@qbitflow/core';
 * import { fixtures, signDelivery } from '@qbitflow/core/testing';
 *
 * const qbitflow = createQBitFlow({ webhookSecret: 'whsec_a', store: memoryStore() });
 * const signed = signDelivery({ version: 'v2', body: fixtures.v2['payment.completed'](), secret: 'whsec_a' });
 * const { status } = await qbitflow.handleWebhook({
 *   method: 'POST',
 *   url: '/webhook',
 *   headers: signed.headers,
 *   rawBody: signed.body,
 * });
 * console.assert(status === 200);
 * ```
 */
export function signDelivery(options: SignDeliveryOptions): SignedDelivery {
  const { version, secret, clock = systemClock } = options;
  const secrets = typeof secret === 'string' ? [secret] : secret;
  if (secrets.length === 0)
    throw new QBitFlowError('misconfigured', 'give at least one secret to sign with');
  const body = toBytes(options.body);
  const timestamp = String(options.timestamp ?? Math.floor(clock.now() / 1000));
  const signed = { body, timestamp, secrets, id: options.id };
  const headers = version === 'v1' ? v1Headers(signed) : v2Headers(signed);
  return { headers: { 'content-type': 'application/json', ...headers }, body };
}

interface Unsigned {
  readonly body: Uint8Array;
  readonly timestamp: string;
  readonly secrets: readonly string[];
  readonly id: string | undefined;
}

function v1Headers({ body, timestamp, secrets, id }: Unsigned): Record<string, string> {
  const parsed = parse(body);
  if (!parsed.ok)
    throw new QBitFlowError('misconfigured', 'v1 signs the decoded body: give it JSON');
  const digest = createHmacKey(secrets[0] ?? '').hex(`${timestamp}.${canonicalJson(parsed.value)}`);
  return {
    [V1_SIGNATURE_HEADER]: `sha256=${digest}`,
    [V1_TIMESTAMP_HEADER]: timestamp,
    'x-webhook-id':
      id ?? textIn(parsed.value, 'uuid') ?? textIn(parsed.value, 'subscriptionUUID') ?? '',
  };
}

function v2Headers({ body, timestamp, secrets, id }: Unsigned): Record<string, string> {
  const { value } = parse(body);
  const parts = secrets.map((secret) => `v1=${createHmacKey(secret).hex(`${timestamp}.`, body)}`);
  return {
    [V2_SIGNATURE_HEADER]: [`t=${timestamp}`, ...parts].join(','),
    'qbitflow-event-id': id ?? textIn(value, 'id') ?? '',
    'qbitflow-event-type': textIn(value, 'type') ?? '',
    'qbitflow-webhook-version': 'v2',
  };
}

function toBytes(body: unknown): Uint8Array {
  if (isUint8Array(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : (JSON.stringify(body) ?? ''), 'utf8');
}

function parse(body: Uint8Array): { readonly ok: boolean; readonly value?: unknown } {
  try {
    return { ok: true, value: JSON.parse(Buffer.from(body).toString('utf8')) };
  } catch {
    return { ok: false };
  }
}

/** Header values must be ASCII: an id that is not stays out. */
function textIn(value: unknown, field: keyof JsonObject): string | undefined {
  const text = isJsonObject(value) ? value[field] : undefined;
  return typeof text === 'string' && /^[\x21-\x7e]+$/.test(text) ? text : undefined;
}
