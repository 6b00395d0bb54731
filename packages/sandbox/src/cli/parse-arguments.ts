import { parseArgs } from 'node:util';
import { webSocketModeNamed } from '../live/web-socket-mode.js';
import { resolveOptions, type SandboxOptions } from '../options.js';
import { scenariosNamed } from '../scenarios/index.js';

/** What the command line asks for. */
export type Command =
  { readonly do: 'help' } | { readonly do: 'start'; readonly options: SandboxOptions };

/** Understands the command line's arguments. Throws an error whose message is fit to be printed as it is. */
export function parseArguments(args: readonly string[]): Command {
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
