import { QBitFlowError } from '@qbitflow/core';
import type { Machine } from '../machine.js';
import type { Delivery } from '../state/deliveries.js';
import type { SandboxEvent } from '../state/event-log.js';
import { plainDelivery } from './planned-delivery.js';

/**
 * Sends a logged event once more, freshly signed and without any scenario's mischief.
 * Throws `invalid_reference` for an id that is not in the log, `misconfigured` without a webhook URL.
 */
export async function redeliver(machine: Machine, eventId: string): Promise<Delivery> {
  const event = machine.events.find(eventId);
  if (event === undefined)
    throw new QBitFlowError('invalid_reference', `there is no event ${JSON.stringify(eventId)}`);
  return machine.courier.deliver(plainDelivery(event, targetOf(machine, event)));
}

function targetOf({ sessions, target }: Machine, event: SandboxEvent): URL {
  const own = sessions.find(event.sessionUuid ?? '')?.terms.webhookUrl;
  const url = event.version === 'v1' && own !== undefined ? new URL(own) : target.get();
  if (url !== undefined) return url;
  throw new QBitFlowError(
    'misconfigured',
    'the sandbox has no webhook URL: start it with one (webhookUrl, --webhook) or set one',
  );
}
