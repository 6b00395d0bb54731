import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createStatusSocket, type StatusSocket } from './api/status-socket.js';
import { createApp } from './app.js';
import { keepCalendar } from './checkout/calendar.js';
import { moveClock } from './checkout/move-clock.js';
import { actionNamed, type ActionName, type CustomerOutcome } from './checkout/session-actions.js';
import { joinMember, removeMember, testWebhook } from './checkout/space-actions.js';
import { idle } from './delivery/deliver.js';
import { redeliver, send } from './delivery/publish.js';
import type { ApiFault } from './faults/api-fault.js';
import type { Scenario } from './faults/scenarios.js';
import type { WebSocketMode } from './faults/web-socket-modes.js';
import { resolveOptions, type SandboxOptions, type Settings } from './options.js';
import type { Delivery, SandboxEvent } from './state/events.js';
import type { SandboxRequest } from './state/request-log.js';
import { createSandboxState, type SandboxState } from './state/sandbox-state.js';
import type { Member, MemberProfile } from './state/members.js';
import type {
  BillingFailureReason,
  CancellationReason,
  RequiredAction,
  Session,
} from './state/sessions.js';
import { space } from './wire/demo-data.js';
import { prepareTrigger, sendTrigger, type TriggerOptions } from './trigger/trigger.js';
import type { JsonObject } from './wire/canonical-json.js';

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
  /**
   * The next bill of a subscription is collected now: it ends a trial, and makes one that is past due active again.
   * Rejects where there is none, and where it is paused, stopped or cancelled.
   */
  readonly bill: (uuid: string) => Promise<CustomerOutcome>;
  /**
   * A try to collect the next bill fails now, for want of balance where no reason is given. An active subscription is
   * then past due; after the fifth try in a row it is cancelled.
   */
  readonly failBill: (
    uuid: string,
    input?: { readonly reason?: BillingFailureReason },
  ) => Promise<CustomerOutcome>;
  /** How bills by the calendar go from now on: they fail for the reason, or with `none` are collected again. */
  readonly failBills: (
    uuid: string,
    input?: { readonly reason?: BillingFailureReason | 'none' },
  ) => Promise<CustomerOutcome>;
  /** The next bill of a trial or an active subscription is announced now. */
  readonly announceBill: (uuid: string) => Promise<CustomerOutcome>;
  /** What the customer has to do before the next bill, which fails otherwise; `none` once it is done. */
  readonly requireAction: (
    uuid: string,
    input?: { readonly action?: RequiredAction | 'none' },
  ) => Promise<CustomerOutcome>;
  /** A trial ends without a bill. Seven days later it is cancelled, unless it is billed before. */
  readonly expireTrial: (uuid: string) => Promise<CustomerOutcome>;
  /** An active subscription is not billed until it is resumed. */
  readonly pause: (uuid: string) => Promise<CustomerOutcome>;
  /** A paused subscription is billed again: at once, where its period has ended. */
  readonly resume: (uuid: string) => Promise<CustomerOutcome>;
  /** A subscription is not billed any more. */
  readonly stop: (uuid: string) => Promise<CustomerOutcome>;
  /** Cancels a subscription, for the customer where no reason is given. Rejects where it is cancelled already. */
  readonly cancel: (
    uuid: string,
    input?: { readonly reason?: CancellationReason },
  ) => Promise<CustomerOutcome>;
  /** Asks for a refund of what was paid last: of all of it, for the customer, where nothing else is given. */
  readonly requestRefund: (
    uuid: string,
    input?: {
      readonly by?: 'customer' | 'merchant';
      readonly percent?: number;
      readonly reason?: string;
    },
  ) => Promise<CustomerOutcome>;
  /** The merchant grants a refund that is pending. */
  readonly approveRefund: (
    uuid: string,
    input?: { readonly message?: string },
  ) => Promise<CustomerOutcome>;
  /** The merchant denies a refund that is pending. */
  readonly denyRefund: (
    uuid: string,
    input?: { readonly message?: string },
  ) => Promise<CustomerOutcome>;
  /** The merchant's own refund, asked for and given at once. Rejects for what is unpaid or was refunded before. */
  readonly refund: (
    uuid: string,
    input?: { readonly percent?: number; readonly reason?: string },
  ) => Promise<CustomerOutcome>;
  /** Pays out what is held of a payment. Rejects for what is unpaid, refunded in full or was paid out before. */
  readonly releaseFunds: (uuid: string) => Promise<CustomerOutcome>;
  /** Who is a member of the marketplace now, oldest first. */
  readonly members: readonly Member[];
  /** Someone accepts an invitation to the marketplace. */
  readonly joinMember: (profile?: Partial<MemberProfile>) => Promise<Member>;
  /** A member is removed from the marketplace. Rejects for who is none. */
  readonly removeMember: (userUuid: string) => Promise<Member>;
  /** The dashboard's connectivity test of the webhook endpoint. */
  readonly testWebhook: () => Promise<void>;
  /** The sandbox's time, in ms since 1970: the clock's, and what it was moved ahead. */
  readonly now: number;
  /**
   * Moves the sandbox's time by `ms`. Whatever is due on the way (bills and their retries, notices, ends of trials,
   * expiries, retries of deliveries) happens in its order, each at its own time, and webhooks that your shop answers are
   * waited for. Rejects unless `ms` is a whole number from 0 to ten years.
   */
  readonly advance: (ms: number) => Promise<void>;
  /** Sends a logged event again, freshly signed; resolves when it is accepted or given up. */
  readonly redeliver: (eventId: string) => Promise<Delivery>;
  /**
   * Signs and sends a body of your own: `version: 'v2'` as a v2 envelope, anything else as v1; text as it stands.
   * Resolves when it is accepted or given up.
   */
  readonly send: (body: object | string) => Promise<Delivery>;
  /**
   * Sends the webhook of an event type (`payment.completed`, of v1 `transaction.completed` …) as if it had happened: no
   * checkout is needed. Resolves when it is accepted or given up. Rejects for an unknown type, naming the nearest ones.
   */
  readonly trigger: (type: string, options?: TriggerOptions) => Promise<Delivery>;
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
  readonly setApiFault: (fault: ApiFault | undefined) => void;
  /** @deprecated Its name is `setApiFault`. */
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
 * const sandbox = await startSandbox({ webhookUrl: 'http://127.0.0.1:3000/qbitflow/webhook' });
 * console.log(sandbox.url);
 * await sandbox.close();
 * ```
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const settings = resolveOptions(options);
  const { server, url } = await listen(settings);
  const state = createSandboxState(settings, url);
  keepCalendar(state);
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
  const { url, settings, sessions, events, deliveries, requests, members, secrets, switches } =
    state;
  const act = (name: ActionName) => {
    const { run } = actionNamed(name);
    return async (uuid: string, input?: JsonObject) => run(state, uuid, input);
  };
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
    failBill: act('failBill'),
    failBills: act('failBills'),
    announceBill: act('announceBill'),
    requireAction: act('requireAction'),
    expireTrial: act('expireTrial'),
    pause: act('pause'),
    resume: act('resume'),
    stop: act('stop'),
    cancel: act('cancel'),
    requestRefund: act('requestRefund'),
    approveRefund: act('approveRefund'),
    denyRefund: act('denyRefund'),
    refund: act('refund'),
    releaseFunds: act('releaseFunds'),
    get members() {
      return members.present();
    },
    joinMember: async (profile = {}) => joinMember(state, { ...profile }),
    removeMember: async (userUuid) => removeMember(state, userUuid),
    testWebhook: async () => {
      testWebhook(state);
    },
    get now() {
      return settings.clock.now();
    },
    advance: async (ms) => moveClock(state, ms),
    redeliver: async (eventId) => redeliver(state, eventId),
    send: async (body) => send(state, body),
    trigger: async (type, options) =>
      sendTrigger(state, prepareTrigger(state, type, options), options),
    rotateSecret: secrets.rotate,
    setWebhookUrl: switches.setWebhookUrl,
    setScenarios: switches.setScenarios,
    setWebSocket: switches.setWebSocket,
    endWebSockets: socket.endAll,
    setApiFault: switches.setApiFault,
    setTrouble: switches.setApiFault,
    onDelivery: deliveries.onChange,
    onSession: sessions.onChange,
    idle: async () => idle(state),
    close,
  };
}

async function closeAll(state: SandboxState, socket: StatusSocket, server: Server): Promise<void> {
  state.closing.abort();
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
