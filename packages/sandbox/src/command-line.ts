import { parseArgs } from 'node:util';
import { type ActCommand, parseAct, parseAdvance } from './act-command.js';
import { scenariosNamed, scenarioSummaries } from './faults/scenarios.js';
import { webSocketModeNamed, webSocketModeSummaries } from './faults/web-socket-modes.js';
import { resolveOptions, type SandboxOptions } from './options.js';
import type { Delivery, DeliveryAttempt } from './state/events.js';
import type { Session } from './state/sessions.js';
import { parseTrigger, type TriggerCommand } from './trigger/trigger-command.js';

/** What the command line asks for. */
export type Command =
  | { readonly do: 'help' }
  | { readonly do: 'start'; readonly options: SandboxOptions }
  | TriggerCommand
  | ActCommand;

/** Understands the command line's arguments. Throws an error whose message is fit to be printed as it is. */
export function parseArguments(args: readonly string[]): Command {
  const [first, ...rest] = args;
  if (first === 'trigger') return parseTrigger(rest);
  if (first === 'act') return parseAct(rest);
  return first === 'advance' ? parseAdvance(rest) : parseStart(args);
}

function parseStart(args: readonly string[]): Command {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      'allow-host': { type: 'string', multiple: true },
      webhook: { type: 'string' },
      deliver: { type: 'string' },
      scenario: { type: 'string', multiple: true },
      websocket: { type: 'string' },
      'retry-delays': { type: 'string' },
      'api-key': { type: 'string' },
      secret: { type: 'string' },
      'price-cap': { type: 'string' },
      'confirmation-ms': { type: 'string' },
      'allow-remote': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return { do: 'help' };
  const options: SandboxOptions = {
    port: numberOf('--port', values.port),
    host: values.host,
    allowedHosts: values['allow-host'],
    webhookUrl: values.webhook,
    deliver: generationsOf(values.deliver),
    scenarios: scenariosNamed((values.scenario ?? []).flatMap(partsOf)),
    webSocket: values.websocket === undefined ? undefined : webSocketModeNamed(values.websocket),
    retryDelaysMs: delaysOf(values['retry-delays']),
    apiKey: values['api-key'],
    secret: values.secret,
    priceCapUsd: numberOf('--price-cap', values['price-cap']),
    confirmationMs: numberOf('--confirmation-ms', values['confirmation-ms']),
    allowRemote: values['allow-remote'],
  };
  resolveOptions(options);
  return { do: 'start', options };
}

function numberOf(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (Number.isNaN(number))
    throw new Error(`${name} must be a number, not ${JSON.stringify(value)}`);
  return number;
}

function generationsOf(value: string | undefined): SandboxOptions['deliver'] {
  if (value === undefined || value === 'v1' || value === 'v2' || value === 'both') return value;
  throw new Error(`--deliver must be v1, v2 or both, not ${JSON.stringify(value)}`);
}

function delaysOf(list: string | undefined): readonly number[] | undefined {
  if (list === undefined) return undefined;
  return partsOf(list).map((part) => numberOf('--retry-delays', part) ?? 0);
}

function partsOf(list: string): string[] {
  return list.split(',').map((part) => part.trim());
}

const lines = (entries: readonly { readonly name: string; readonly summary: string }[]): string =>
  entries.map(({ name, summary }) => `    ${name.padEnd(18)}${summary}`).join('\n');

/** What `--help` prints. */
export const HELP = `QBitFlow on your own machine: checkout pages, status, and signed webhooks.

  qbitflow-sandbox --port 4242 --webhook http://127.0.0.1:3000/qbitflow/webhook
  qbitflow-sandbox trigger payment.completed    sends one webhook without a checkout: trigger --help
  qbitflow-sandbox act refund pay@…             does something with a session: act --help
  qbitflow-sandbox advance 30d                  moves the clock of a running sandbox

  --port <n>              port to listen on (default: a free one)
  --host <address>        address to listen on (default: 127.0.0.1)
  --allow-host <name>     a further name it is reached by, e.g. a container's; may be given several times
  --webhook <url>         where webhooks go (this machine only, see --allow-remote)
  --deliver v1|v2|both    generations of webhooks to send (default: v2)
  --scenario <a,b>        what shall go wrong, see below
  --websocket <mode>      how v1's WebSocket behaves, see below (default: on)
  --retry-delays <ms,ms>  waits before the second and every further attempt (default: 9, 200 to 5000)
  --api-key <key>         default: sk_sandbox
  --secret <secret>       default: whsec_sandbox
  --price-cap <usd>       highest price of a v2 session (default: 5, as in test mode; Infinity lifts it)
  --confirmation-ms <ms>  how long a payment waits for its confirmation (default: 0)
  --allow-remote          lets webhooks leave this machine
  -h, --help              this text

  scenarios:
${lines(scenarioSummaries)}

  modes of the WebSocket:
${lines(webSocketModeSummaries)}
`;

/** A session's latest change as one line. */
export function sessionLine({ uuid, terms, link, ...session }: Session): string {
  const change = changeOf(session);
  const order = terms.reference === undefined ? '' : ` for ${terms.reference}`;
  return `session ${change} ${uuid}${order} ${change === 'created' ? link : ''}`.trimEnd();
}

type Standing = Pick<
  Session,
  'status' | 'lastAttempt' | 'settling' | 'subscription' | 'currencyId'
>;

function changeOf({ status, lastAttempt, settling, subscription, currencyId }: Standing): string {
  if (status === 'created' && currencyId !== undefined && lastAttempt === undefined)
    return 'paying';
  if (status === 'created' && lastAttempt !== undefined) return 'attempt failed';
  if (subscription !== undefined)
    return `${status}, ${subscription.status}, billed ${subscription.billCount}x`;
  return settling === true ? 'pending' : status;
}

/** A delivery's latest attempt with what the shop answered, and below it what to try; `undefined` before its first. */
export function deliveryLine({
  type,
  version,
  eventId,
  state,
  attempts,
}: Pick<Delivery, 'type' | 'version' | 'eventId' | 'state' | 'attempts'>): string | undefined {
  const last = attempts.at(-1);
  if (last === undefined) return undefined;
  const line = `delivery ${state} ${type} (${version}) ${eventId} attempt ${last.number}: ${outcomeLine(last)}`;
  return last.hint === undefined ? line : `${line}\n  try: ${last.hint}`;
}

/** The status and the answer, or why there is none. */
function outcomeLine({ status, answer, error, location }: DeliveryAttempt): string {
  const redirect = location === undefined ? undefined : `to ${location}`;
  return [status ?? error, redirect, answer].filter((part) => part !== undefined).join(' ');
}
