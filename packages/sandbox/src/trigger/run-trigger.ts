import { askSandbox } from '../ask-sandbox.js';
import { resolveOptions, type SandboxOptions } from '../options.js';
import type { Delivery } from '../state/events.js';
import { createSandboxState } from '../state/sandbox-state.js';
import { prepareTrigger, sendTrigger } from './trigger.js';
import type { TriggerCommand } from './trigger-command.js';

/** What came of a webhook, as much of it as is printed. */
export type TriggerOutcome = Pick<Delivery, 'type' | 'version' | 'eventId' | 'state' | 'attempts'>;

/** Sends the webhook once. Rejects, in words fit to be printed, where no sandbox answers. */
export async function runTrigger(
  command: Extract<TriggerCommand, { readonly do: 'trigger' }>,
): Promise<TriggerOutcome> {
  const { source, type, version, set } = command;
  if ('options' in source) return sendItself(source.options, command);
  return askSandbox(source.sandbox, {
    path: '/trigger',
    body: { type, version, set, retry: false },
    isAnswer: isDelivery,
    otherwise: ', or send without one: --url <url> --secret <secret>',
  });
}

type Wanted = Pick<Extract<TriggerCommand, { readonly do: 'trigger' }>, 'type' | 'version' | 'set'>;

/** As a sandbox that does not listen. */
async function sendItself(options: SandboxOptions, { type, ...wanted }: Wanted): Promise<Delivery> {
  const state = createSandboxState(resolveOptions(options), 'http://127.0.0.1:4242');
  return sendTrigger(state, prepareTrigger(state, type, wanted), { retry: false });
}

/** Another program may listen where a sandbox is expected. */
function isDelivery(value: unknown): value is TriggerOutcome {
  const fields: Readonly<Record<string, unknown>> = { ...Object(value) };
  const { type, eventId, state, attempts } = fields;
  return (
    [type, eventId, state].every((field) => typeof field === 'string') &&
    Array.isArray(attempts) &&
    attempts.every((attempt) => typeof attempt === 'object' && attempt !== null)
  );
}
