import { QBitFlowError } from '@qbitflow/core';
import type { Machine } from '../machine.js';
import type { Delivery } from '../state/deliveries.js';
import type { SandboxEvent } from '../state/event-log.js';
import { redeliver } from './redeliver.js';

/**
 * Signs and sends a body of the caller's own making: an object with `version: 'v2'` as v2, any other as v1.
 * Text is sent as it stands. Throws `misconfigured` without a webhook URL or for text that is not JSON.
 */
export async function send(machine: Machine, body: object | string): Promise<Delivery> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const event = eventOf(machine, text);
  machine.events.add(event);
  return redeliver(machine, event.id);
}

function eventOf({ ids, settings }: Machine, text: string): SandboxEvent {
  const body = fieldsOf(text);
  const createdAt = settings.clock.now();
  const named = body['type'] ?? body['txType'];
  const type = typeof named === 'string' ? named : 'unknown';
  if (body['version'] !== 'v2')
    return { id: `v1_${ids.uuid()}`, version: 'v1', type, text, createdAt };
  const id = typeof body['id'] === 'string' ? body['id'] : `evt_${ids.uuid()}`;
  return { id, version: 'v2', type, text, createdAt };
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch (cause) {
    throw new QBitFlowError('misconfigured', 'what is sent must be JSON', { cause });
  }
}
