import { asError } from '@qbitflow/core';
import { resolveOptions, type SandboxOptions } from '../options.js';
import type { Delivery } from '../state/events.js';
import { createSandboxState } from '../state/sandbox-state.js';
import { prepareTrigger, sendTrigger } from './trigger.js';
import type { TriggerCommand } from './trigger-command.js';

/** Longer than a sandbox waits for the shop, in ms. */
const PATIENCE_MS = 90_000;

/** What came of a webhook, as much of it as is printed. */
export type TriggerOutcome = Pick<Delivery, 'type' | 'version' | 'eventId' | 'state' | 'attempts'>;

/** Sends the webhook once. Rejects, in words fit to be printed, where no sandbox answers. */
export async function runTrigger(
  command: Extract<TriggerCommand, { readonly do: 'trigger' }>,
): Promise<TriggerOutcome> {
  const { source } = command;
  return 'sandbox' in source
    ? askSandbox(source.sandbox, command)
    : sendItself(source.options, command);
}

type Wanted = Pick<Extract<TriggerCommand, { readonly do: 'trigger' }>, 'type' | 'version' | 'set'>;

/** As a sandbox that nobody can reach. */
async function sendItself(options: SandboxOptions, { type, ...wanted }: Wanted): Promise<Delivery> {
  const state = createSandboxState(resolveOptions(options), 'http://127.0.0.1:4242');
  return sendTrigger(state, prepareTrigger(state, type, wanted), { retry: false });
}

async function askSandbox(sandbox: URL, wanted: Wanted): Promise<TriggerOutcome> {
  const { type, version, set } = wanted;
  const answer = await postTo(sandbox, { type, version, set, retry: false });
  const said = jsonIn(answer.text);
  if (answer.status === 200 && isDelivery(said)) return said;
  const reason: unknown = Reflect.get(Object(said), 'error');
  throw new Error(
    typeof reason === 'string'
      ? `the sandbox says: ${reason}`
      : `what answers at ${sandbox.origin} (${answer.status}) is no sandbox that knows triggers: give its URL (--sandbox)`,
  );
}

async function postTo(
  sandbox: URL,
  body: object,
): Promise<{ readonly status: number; readonly text: string }> {
  try {
    const answer = await fetch(new URL('/sandbox/trigger', sandbox), {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return { status: answer.status, text: await answer.text() };
  } catch (error) {
    const { message, cause } = asError(error);
    const reason = cause === undefined ? message : asError(cause).message || message;
    throw new Error(
      `no sandbox answers at ${sandbox.origin} (${reason}): start one with qbitflow-sandbox --port 4242 --webhook <url>, or send without one: --url <url> --secret <secret>`,
      { cause: error },
    );
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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
