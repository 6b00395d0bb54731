import { randomInt } from 'node:crypto';
import {
  type Clock,
  type Logger,
  inBackground,
  safeLogger,
  silentLogger,
  systemClock,
} from '@qbitflow/core';
import { parseTarget } from './boundary.js';
import { misconfigured } from './errors.js';
import { checkApiFault, type ApiFault } from './faults/api-fault.js';
import { scenariosNamed, type Scenario } from './faults/scenarios.js';
import { webSocketModeNamed, type WebSocketMode } from './faults/web-socket-modes.js';
import { movableClock, type MovableClock } from './time.js';

/** Which API generations' webhooks the merchant gets. */
export type Deliver = 'v1' | 'v2' | 'both';

/** How to set a sandbox up. Everything has a default. */
export interface SandboxOptions {
  /** @default 0, a free one */
  readonly port?: number | undefined;
  /** @default '127.0.0.1' */
  readonly host?: string | undefined;
  /**
   * Further names the sandbox is reached by, without a port, e.g. a container's. Loopback names and `host` always are; a
   * request for any other is refused: a web page could have its own name point here and read everything. @default []
   */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Where webhooks go. Without one, events are only logged. */
  readonly webhookUrl?: string | undefined;
  /** @default 'v2' */
  readonly deliver?: Deliver | undefined;
  /** @default 'sk_sandbox' */
  readonly apiKey?: string | undefined;
  /** @default 'whsec_sandbox' */
  readonly secret?: string | undefined;
  /** What shall go wrong. @default [] */
  readonly scenarios?: readonly Scenario[] | undefined;
  /** How v1's WebSocket behaves. @default 'on' */
  readonly webSocket?: WebSocketMode | undefined;
  /** The API's fault from the start. @default none */
  readonly apiFault?: ApiFault | undefined;
  /** @deprecated Its name is `apiFault`. */
  readonly trouble?: ApiFault | undefined;
  /** Waits before the second and every further attempt, in ms. @default 9 of them, 200 ms to 5 s */
  readonly retryDelaysMs?: readonly number[] | undefined;
  /** How long the merchant may take to answer, in ms. @default 30_000 */
  readonly deliveryTimeoutMs?: number | undefined;
  /** How long a payment stays `waitingConfirmation` before it is `completed`, in ms. @default 0 */
  readonly confirmationMs?: number | undefined;
  /** Highest price of a v2 session in USD, as in QBitFlow's test mode; `Infinity` lifts it. @default 5 */
  readonly priceCapUsd?: number | undefined;
  /** Lets webhooks leave this machine. @default false */
  readonly allowRemote?: boolean | undefined;
  /** How many sessions, events, deliveries and requests are kept of each. @default 10_000 */
  readonly keep?: number | undefined;
  readonly logger?: Logger | undefined;
  readonly clock?: Clock | undefined;
  /** Numbers in [0, 1), for ids and random waits. @default node:crypto's */
  readonly random?: (() => number) | undefined;
}

/** The options, complete and checked. */
export interface Settings {
  readonly port: number;
  readonly host: string;
  /** As `URL` writes them. */
  readonly allowedHosts: readonly string[];
  readonly webhookUrl: URL | undefined;
  readonly deliver: Deliver;
  readonly apiKey: string;
  readonly secret: string;
  readonly scenarios: readonly Scenario[];
  readonly webSocket: WebSocketMode;
  readonly apiFault: ApiFault | undefined;
  readonly retryDelaysMs: readonly number[];
  readonly deliveryTimeoutMs: number;
  readonly confirmationMs: number;
  readonly priceCapUsd: number;
  readonly allowRemote: boolean;
  readonly keep: number;
  readonly logger: Logger;
  /** The given one, and what it is moved ahead. */
  readonly clock: MovableClock;
  readonly random: () => number;
}

const RETRY_DELAYS_MS = [200, 500, 1_000, 2_000, 5_000, 5_000, 5_000, 5_000, 5_000];

/** Fills in the defaults. Throws `misconfigured` on what cannot work. */
export function resolveOptions(options: SandboxOptions): Settings {
  const { webhookUrl, allowRemote = false } = options;
  return {
    port: wholeNumber('port', options.port ?? 0, 65_535),
    host: options.host ?? '127.0.0.1',
    allowedHosts: (options.allowedHosts ?? []).map(hostName),
    webhookUrl: webhookUrl === undefined ? undefined : parseTarget(webhookUrl, allowRemote),
    deliver: generations(options.deliver ?? 'v2'),
    apiKey: text('apiKey', options.apiKey ?? 'sk_sandbox'),
    secret: text('secret', options.secret ?? 'whsec_sandbox'),
    scenarios: scenariosNamed(options.scenarios ?? []),
    webSocket: webSocketModeNamed(options.webSocket ?? 'on'),
    apiFault: checkApiFault(options.apiFault ?? options.trouble),
    retryDelaysMs: (options.retryDelaysMs ?? RETRY_DELAYS_MS).map((ms) =>
      wholeNumber('retryDelaysMs', ms),
    ),
    deliveryTimeoutMs: wholeNumber('deliveryTimeoutMs', options.deliveryTimeoutMs ?? 30_000),
    confirmationMs: wholeNumber('confirmationMs', options.confirmationMs ?? 0),
    priceCapUsd: options.priceCapUsd ?? 5,
    allowRemote,
    keep: wholeNumber('keep', options.keep ?? 10_000),
    logger: safeLogger(options.logger ?? silentLogger),
    // The listening socket keeps the process alive; without one nothing waits for these timers.
    clock: movableClock(inBackground(options.clock ?? systemClock)),
    random: options.random ?? (() => randomInt(2 ** 32) / 2 ** 32),
  };
}

function generations(deliver: Deliver): Deliver {
  if (deliver === 'v1' || deliver === 'v2' || deliver === 'both') return deliver;
  throw misconfigured(`deliver must be v1, v2 or both, not ${JSON.stringify(deliver)}`);
}

function hostName(name: string): string {
  const url = URL.canParse(`http://${name}`) ? new URL(`http://${name}`) : undefined;
  if (url?.host === name.toLowerCase() && url.port === '') return url.hostname;
  throw misconfigured(
    `allowedHosts takes names without a port, such as sandbox or qbitflow.test, not ${JSON.stringify(name)}`,
  );
}

function wholeNumber(name: string, value: number, most = Number.MAX_SAFE_INTEGER): number {
  if (Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw misconfigured(`${name} must be a whole number from 0 to ${most}, not ${value}`);
}

function text(name: string, value: string): string {
  if (value.trim() === value && value !== '') return value;
  throw misconfigured(`${name} must not be empty nor start or end with a space`);
}
