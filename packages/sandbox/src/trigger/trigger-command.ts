import { parseArgs } from 'node:util';
import { sandboxUrl } from '../ask-sandbox.js';
import { misconfigured } from '../errors.js';
import { resolveOptions, type SandboxOptions } from '../options.js';
import type { Generation } from '../state/events.js';
import { readAssignment, type FieldChanges } from './set-fields.js';
import { triggerTypeNamed, triggerTypes } from './trigger-types.js';

/** Where a webhook that is triggered comes from: a sandbox that runs, or this command itself, which signs it. */
export type TriggerSource =
  | { readonly sandbox: URL }
  /** With `webhookUrl` and `secret` set. */
  | { readonly options: SandboxOptions };

/** What `qbitflow-sandbox trigger` asks for. */
export type TriggerCommand =
  | { readonly do: 'trigger-help' }
  | {
      readonly do: 'trigger';
      readonly type: string;
      readonly version: Generation | undefined;
      readonly set: FieldChanges;
      readonly source: TriggerSource;
    };

/** Understands what follows `trigger`. Throws an error whose message is fit to be printed as it is. */
export function parseTrigger(args: readonly string[]): TriggerCommand {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      set: { type: 'string', multiple: true },
      v1: { type: 'boolean' },
      v2: { type: 'boolean' },
      url: { type: 'string' },
      secret: { type: 'string' },
      'allow-remote': { type: 'boolean' },
      sandbox: { type: 'string' },
      list: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true || values.list === true) return { do: 'trigger-help' };
  const [type, ...more] = positionals;
  if (type === undefined || more.length > 0)
    throw misconfigured('give one type to trigger, such as payment.completed; --list lists them');
  if (values.v1 === true && values.v2 === true)
    throw misconfigured('a webhook is of v1 or of v2: leave --v1 or --v2 out');
  const version = values.v1 === true ? 'v1' : values.v2 === true ? 'v2' : undefined;
  triggerTypeNamed(type, version);
  const set = Object.fromEntries((values.set ?? []).map(readAssignment));
  return { do: 'trigger', type, version, set, source: sourceOf(values) };
}

function sourceOf(values: {
  readonly url?: string | undefined;
  readonly secret?: string | undefined;
  readonly sandbox?: string | undefined;
  readonly 'allow-remote'?: boolean | undefined;
}): TriggerSource {
  const { url, secret, sandbox, 'allow-remote': allowRemote } = values;
  if (url === undefined) {
    if (secret !== undefined || allowRemote === true)
      throw misconfigured('--secret and --allow-remote go with --url: a sandbox has its own');
    return { sandbox: sandboxUrl(sandbox) };
  }
  if (sandbox !== undefined)
    throw misconfigured('--url sends without a sandbox: leave --url or --sandbox out');
  const options: SandboxOptions = { webhookUrl: url, secret, allowRemote };
  resolveOptions(options);
  return { options };
}

function listOf(version: Generation): string {
  return triggerTypes
    .filter((type) => type.version === version)
    .map(({ name, summary }) => `    ${name.padEnd(36)}${summary}`)
    .join('\n');
}

/** What `trigger --help` and `trigger --list` print. */
export const TRIGGER_HELP = `Sends one webhook as if it had happened: no checkout is needed.

  qbitflow-sandbox trigger payment.completed
  qbitflow-sandbox trigger payment.completed --set data.reference=order-1
  qbitflow-sandbox trigger payment.completed --url http://127.0.0.1:3000/qbitflow/webhook --secret whsec_…

  --set <path=value>      sets a field of the body, by dotted path; the value is JSON where it is such, else text
                          ('data.amountMinUnits="499"' is a text too); may be given several times
  --v1                    v1's webhook of that name, or what v1 tells the same by
  --v2                    v2's, where both have one of that name
  --sandbox <url>         the running sandbox that sends it (default: http://127.0.0.1:4242)
  --url <url>             sends it there without a sandbox, signed by itself
  --secret <secret>       what it is signed with (default: whsec_sandbox)
  --allow-remote          lets it leave this machine
  -h, --help, --list      this text

  It prints what the shop answered, and exits with 0 when that was accepted, 1 when not, 2 when it was called wrongly.

  v2:
${listOf('v2')}

  v1:
${listOf('v1')}
`;
