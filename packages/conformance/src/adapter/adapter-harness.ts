import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import {
  createQBitFlow,
  type QBitFlow,
  type QBitFlowOptions,
  type WebhookEvent,
} from '@qbitflow/core';
import { fixtures, signDelivery, type SignedDelivery } from '@qbitflow/core/testing';
import { eventually } from '../support/waiting.js';
import type {
  AdapterCapabilities,
  AppPlan,
  BodyParser,
  CreateApp,
  Mounted,
} from './adapter-plan.js';

/** One behaviour. `needs` tells whether the framework can be asked for it. */
export interface AdapterCase {
  readonly name: string;
  readonly needs?: (capabilities: AdapterCapabilities) => boolean;
  run(harness: AdapterHarness): Promise<void>;
}

/** For cases that need a parser. */
export function parsesBy(parser: BodyParser): (capabilities: AdapterCapabilities) => boolean {
  return ({ parsers }) => parsers.includes(parser);
}

/** The payments that the API knows. */
export const PAID = 'pay@01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f';
export const OPEN = 'pay@01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e60';

/** Where the API's hosted page for a new session is. */
export const HOSTED_PAGE = 'https://checkout.qbitflow.test/pay@01a0c0c7';

const SECRET = 'whsec_adapter_suite';

/** An app with one part of the kit mounted, and what has been seen around it. */
export interface OpenApp {
  readonly origin: string;
  readonly qbitflow: QBitFlow;
  /** What the kit's handlers were called with. */
  readonly events: readonly WebhookEvent[];
  /** What the kit's `onError` was called with. */
  readonly kitErrors: readonly string[];
  /** What reached the framework as an error. */
  readonly appErrors: readonly unknown[];
  readonly api: ApiLog;
}

/** What the API was asked. */
export interface ApiLog {
  statusCalls: number;
  /** Bodies of sessions that were opened. */
  readonly opened: string[];
}

/** The rest of an app's plan, and of its kit's options. */
export interface AppDetails extends Partial<Pick<AppPlan, 'parser' | 'proxies'>> {
  readonly kit?: Partial<QBitFlowOptions>;
}

/** Opens apps for one case, and closes them after it. */
export interface AdapterHarness {
  readonly openApp: (mounted: Mounted, details?: AppDetails) => Promise<OpenApp>;
  /** Asks the framework for an app with anything at all as its kit or its options. */
  readonly tryApp: (qbitflow: unknown, mounted: Mounted) => Promise<void>;
  /** Waits until `look` has something to tell. */
  readonly waitFor: <T>(what: string, look: () => T | undefined) => Promise<T>;
  /** `cleanup` runs after the case, the last one first. */
  readonly onEnd: (cleanup: () => unknown) => void;
  readonly close: () => Promise<void>;
}

/** Everything that one case opens. */
export function openAdapterHarness(options: {
  readonly createApp: CreateApp;
  readonly patienceMs?: number | undefined;
}): AdapterHarness {
  const cleanups: (() => unknown)[] = [];
  const patience = { patienceMs: options.patienceMs ?? 10_000, granularityMs: 1 };
  const serve = async (listener: RequestListener): Promise<string> => {
    const server = createServer(listener).listen(0, '127.0.0.1');
    cleanups.push(() => {
      server.closeAllConnections();
      server.close();
    });
    await once(server, 'listening');
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  };

  return {
    async openApp(mounted, { kit, ...rest } = {}) {
      const api: ApiLog = { statusCalls: 0, opened: [] };
      const apiOrigin = await serve(apiListener(api));
      const qbitflow = createQBitFlow({
        logger: false,
        apiKey: 'sk_test',
        baseUrl: `${apiOrigin}/v2`,
        webhookSecret: SECRET,
        ...kit,
      });
      cleanups.push(async () => qbitflow.close());
      const events: WebhookEvent[] = [];
      const kitErrors: string[] = [];
      const appErrors: unknown[] = [];
      qbitflow.onAny((event) => events.push(event));
      qbitflow.onError((error) => kitErrors.push(error.message));
      const onAppError = (error: unknown) => appErrors.push(error);
      const listener = await options.createApp({ qbitflow, mounted, onAppError, ...rest });
      const origin = await serve(listener);
      return { origin, qbitflow, events, kitErrors, appErrors, api };
    },
    async tryApp(given, mounted) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what code without types may pass
      const qbitflow = given as QBitFlow;
      await options.createApp({ qbitflow, mounted, onAppError: () => undefined });
    },
    waitFor: async (what, look) => eventually(patience, what, async () => look()),
    onEnd: (cleanup) => {
      cleanups.push(cleanup);
    },
    async close() {
      for (const cleanup of cleanups.toReversed()) await cleanup();
    },
  };
}

/** QBitFlow's API: one paid and one open payment, and sessions for whoever asks. */
function apiListener(log: ApiLog): RequestListener {
  return (request, response) => {
    const { method, url = '' } = request;
    const answer = (status: number, json: object) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(json));
    };
    if (method === 'POST') {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.once('end', () => {
        log.opened.push(body);
        answer(201, { uuid: 'pay@01a0c0c7', link: HOSTED_PAGE });
      });
      return;
    }
    if (url.endsWith('/status')) log.statusCalls += 1;
    const uuid = [PAID, OPEN].find((id) => url.includes(encodeURIComponent(id)));
    if (uuid === undefined) answer(404, { error: 'not found', code: 'not_found' });
    else answer(200, { uuid, status: uuid === PAID ? 'completed' : 'created' });
  };
}

/** A completed payment as v2 tells it, signed; no JSON.stringify would write its bytes again. */
export function v2Delivery(text: (json: string) => string = (json) => json): SignedDelivery {
  const json = JSON.stringify(fixtures.v2['payment.completed']()).replace('4.99', '4.990');
  return signDelivery({ version: 'v2', body: text(json), secret: SECRET });
}

/** The same payment as v1 tells it. */
export function v1Delivery(): SignedDelivery {
  return signDelivery({ version: 'v1', body: fixtures.v1.paymentCompleted(), secret: SECRET });
}

/** The open payment as paid, for the clock of a kit. */
export function paidLater(clock: NonNullable<QBitFlowOptions['clock']>): SignedDelivery {
  const body = fixtures.v2['payment.completed']({ data: { uuid: OPEN } });
  return signDelivery({ version: 'v2', body, secret: SECRET, clock });
}
