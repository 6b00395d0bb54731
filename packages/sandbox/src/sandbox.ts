import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createStatusSocket, type StatusSocket } from './api/status-socket.js';
import { createApp } from './app.js';
import {
  customerActions,
  type CustomerAction,
  type CustomerOutcome,
} from './checkout/customer-actions.js';
import { idle } from './delivery/deliver.js';
import { redeliver, send } from './delivery/publish.js';
import type { ApiFault } from './faults/api-fault.js';
import type { Scenario } from './faults/scenarios.js';
import type { WebSocketMode } from './faults/web-socket-modes.js';
import { resolveOptions, type SandboxOptions, type Settings } from './options.js';
import type { Delivery, SandboxEvent } from './state/events.js';
import type { SandboxRequest } from './state/request-log.js';
import { createSandboxState, type SandboxState } from './state/sandbox-state.js';
import type { Session } from './state/sessions.js';
import { space } from './state/space.js';

/** A running sandbox. */
export interface Sandbox {
  /** Without a slash at the end, e.g. `http://127.0.0.1:4242`; its index page is there. */
  readonly url: string;
  /** The base URL of v1's API. */
  readonly v1Url: string;
  /** The base URL of v2's API. */
  readonly v2Url: string;
  readonly apiKey: string;
  /** Of the endpoint that webhooks go to: v2's remote verification asks for it. */
  readonly endpointUuid: string;
  /** The current signing secret; {@link Sandbox.rotateSecret} changes it. */
  readonly secret: string;
  /** All sessions as they stand, oldest first. */
  readonly sessions: readonly Session[];
  /** All events of both generations, delivered or not, oldest first. */
  readonly events: readonly SandboxEvent[];
  /** All deliveries as they stand, oldest first. */
  readonly deliveries: readonly Delivery[];
  /** What v1's and v2's API were asked, a WebSocket's opening too; the newest of them, oldest first. */
  readonly requests: readonly SandboxRequest[];
  /** How many of {@link Sandbox.requests} have the text in, or match, their `<method> <path and query>`. */
  readonly countRequests: (pattern: string | RegExp) => number;
  /** Forgets {@link Sandbox.requests}. */
  readonly clearRequests: () => void;
  /** How many of v1's WebSockets are open now. */
  readonly openWebSockets: number;
  /** The customer pays; a second time nothing more happens. Rejects for an unknown or expired session. */
  readonly pay: (uuid: string) => Promise<CustomerOutcome>;
  /** The customer's attempt fails; the session stays open. */
  readonly fail: (uuid: string) => Promise<CustomerOutcome>;
  /** The customer goes back unpaid; the session stays open. */
  readonly abandon: (uuid: string) => Promise<CustomerOutcome>;
  /** The session ends unpaid. Rejects unless it is open. */
  readonly expire: (uuid: string) => Promise<CustomerOutcome>;
  /** Bills a running subscription for its next period, which ends its trial. Rejects where there is none. */
  readonly bill: (uuid: string) => Promise<CustomerOutcome>;
  /** Cancels a running subscription. Rejects where there is none. */
  readonly cancel: (uuid: string) => Promise<CustomerOutcome>;
  /** Sends a logged event again, freshly signed; resolves when it is accepted or given up. */
  readonly redeliver: (eventId: string) => Promise<Delivery>;
  /**
   * Signs and sends a body of your own: `version: 'v2'` as a v2 envelope, anything else as v1; text as it stands.
   * Resolves when it is accepted or given up.
   */
  readonly send: (body: object | string) => Promise<Delivery>;
  /** A new signing secret, or the given one; the old one signs v2 deliveries beside it for 24 hours. Returns it. */
  readonly rotateSecret: (secret?: string) => string;
  /** Where webhooks go from now on. Throws `misconfigured` for a URL that is not allowed. */
  readonly setWebhookUrl: (url: string) => void;
  /** What goes wrong with deliveries from now on. Throws `misconfigured` for an unknown name. */
  readonly setScenarios: (scenarios: readonly Scenario[]) => void;
  /** How v1's WebSocket behaves from the next opening or message on. Throws `misconfigured` for an unknown mode. */
  readonly setWebSocket: (mode: WebSocketMode) => void;
  /** Ends all open WebSockets: with a close code, or without one like a server that dies. */
  readonly endWebSockets: (code?: number) => void;
  /** The API's fault from the next request on; `undefined` ends it. Throws `misconfigured` for what cannot be. */
  readonly setTrouble: (fault: ApiFault | undefined) => void;
  /** Calls `listener` at every delivery's start, attempts and end, each time as it then stands. Returns a function that stops it. */
  readonly onDelivery: (listener: (delivery: Delivery) => void) => () => void;
  /** Calls `listener` with every new or changed session. Returns a function that stops it. */
  readonly onSession: (listener: (session: Session) => void) => () => void;
  /** Resolves when no delivery is under way. */
  readonly idle: () => Promise<void>;
  /** Stops the server, every delivery and every timer. */
  readonly close: () => Promise<void>;
}

/**
 * Starts QBitFlow on this machine; `npx qbitflow-sandbox` does the same from a terminal.
 * @throws `misconfigured` for options that cannot work, and Node's own error where the port cannot be had
 * @example
 * ```js
 * import { startSandbox } from '@qbitflow/sandbox';
 *
 * const sandbox = await startSandbox({ webhookUrl: 'http://127.0.0.1:3000/webhook' });
 * console.log(sandbox.url);
 * await sandbox.close();
 * ```
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const settings = resolveOptions(options);
  const { server, url } = await listen(settings);
  const state = createSandboxState(settings, url);
  const socket = createStatusSocket(state);
  server.on('request', createApp(state));
  server.on('upgrade', socket.upgrade);
  return sandboxOf(state, socket, async () => closeAll(state, socket, server));
}

/** A server that listens, and where it is reached. */
async function listen({
  host,
  port,
}: Settings): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer();
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  const taken = typeof address === 'object' && address !== null ? address.port : port;
  const name = host.includes(':') ? `[${host}]` : host;
  return { server, url: `http://${name}:${taken}` };
}

/** The state as programs see and drive it. */
function sandboxOf(state: SandboxState, socket: StatusSocket, close: () => Promise<void>): Sandbox {
  const { url, settings, sessions, events, deliveries, requests, secrets, switches } = state;
  const act = (action: CustomerAction) => async (uuid: string) =>
    customerActions[action](state, uuid);
  return {
    url,
    v1Url: `${url}/v1`,
    v2Url: `${url}/v2`,
    apiKey: settings.apiKey,
    endpointUuid: space.endpointUuid,
    get secret() {
      return secrets.current();
    },
    get sessions() {
      return sessions.list();
    },
    get events() {
      return events.list();
    },
    get deliveries() {
      return deliveries.list();
    },
    get requests() {
      return requests.list();
    },
    countRequests: requests.count,
    clearRequests: requests.clear,
    get openWebSockets() {
      return socket.openCount();
    },
    pay: act('pay'),
    fail: act('fail'),
    abandon: act('abandon'),
    expire: act('expire'),
    bill: act('bill'),
    cancel: act('cancel'),
    redeliver: async (eventId) => redeliver(state, eventId),
    send: async (body) => send(state, body),
    rotateSecret: secrets.rotate,
    setWebhookUrl: switches.setWebhookUrl,
    setScenarios: switches.setScenarios,
    setWebSocket: switches.setWebSocket,
    endWebSockets: socket.endAll,
    setTrouble: switches.setApiFault,
    onDelivery: deliveries.onChange,
    onSession: sessions.onChange,
    idle: async () => idle(state),
    close,
  };
}

async function closeAll(state: SandboxState, socket: StatusSocket, server: Server): Promise<void> {
  state.closing.abort();
  state.timers.close();
  const closed = new Promise<void>((resolve) => {
    // Its error says that it is closed already, which is what was wanted.
    server.close(() => {
      resolve();
    });
  });
  socket.close();
  await idle(state);
  server.closeAllConnections();
  await closed;
}
