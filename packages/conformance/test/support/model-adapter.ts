import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import {
  answerNodeRequest,
  cancelEndpoint,
  checkoutEndpoint,
  findRoute,
  pathOf,
  routesOf,
  statusEndpoint,
  successEndpoint,
  webhookEndpoint,
  type Endpoint,
  type HttpRequest,
  type Route,
} from '@qbitflow/core/adapter';
import { adapterSuite, createRunner, type AppPlan, type BodyParser } from '../../src/index.js';

/** A request as the smallest framework has it: `url` is what is left below the path that something is mounted at. */
export interface FrameworkRequest {
  readonly raw: IncomingMessage;
  readonly url: string;
  readonly originalUrl: string;
  readonly ip: string | undefined;
  readonly body?: unknown;
  readonly rawBody?: unknown;
}

/** The three things that an adapter does, so that a bug may do one of them wrongly. */
export interface ModelAdapter {
  toRequest(request: FrameworkRequest): HttpRequest;
  find(routes: readonly Route[], request: FrameworkRequest): Endpoint | undefined;
  answer(endpoint: Endpoint, request: HttpRequest, response: ServerResponse): void;
}

/** An adapter that does them well. */
export const modelAdapter: ModelAdapter = {
  toRequest: ({ raw, originalUrl: url, ip: client, body, rawBody }) => {
    const { method = '', headers } = raw;
    return { method, url, headers, client, stream: raw, body, rawBody };
  },
  find: (routes, { url }) => findRoute(routes, '', pathOf(url)),
  answer: answerNodeRequest,
};

/** Which cases to run, how long they wait for what a bug may keep away, and when one that goes on waiting has failed. */
export interface AdapterRun {
  readonly only?: (name: string) => boolean;
  readonly patienceMs?: number;
  readonly timeoutMs?: number;
}

/** Runs the suite on one adapter; resolves with the names of failed cases. */
export async function failingAdapterCases(
  adapter: ModelAdapter,
  { only = () => true, patienceMs, timeoutMs = Infinity }: AdapterRun = {},
): Promise<readonly string[]> {
  const runner = createRunner();
  adapterSuite({
    test: (name, run, ms = 60_000) => runner.test(name, run, Math.min(ms, timeoutMs)),
    createApp: (plan) => appWith(adapter, plan),
    patienceMs,
  });
  const results = await runner.run({ concurrency: 10, only });
  return results.filter(({ ok }) => !ok).map(({ name }) => name);
}

/** An app of the smallest framework there is. */
function appWith(adapter: ModelAdapter, plan: AppPlan): RequestListener {
  const { what, path } = plan.mounted;
  const base = what === 'router' ? path : '';
  const answerKit = kitRoutes(adapter, plan);
  const handle = async (raw: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader('x-shop', 'yes');
    const originalUrl = raw.url ?? '/';
    const parsed = plan.parser === undefined ? {} : await PARSERS[plan.parser](raw);
    const below = pathOf(originalUrl).slice(0, base.length).toLowerCase() === base;
    const url = below ? withoutOrigin(originalUrl).slice(base.length) : originalUrl;
    const request = { raw, url, originalUrl, ip: clientOf(raw, plan), ...parsed };
    if (below && answerKit(request, response)) return;
    response.statusCode = 299;
    response.end(originalUrl);
  };
  return (raw, response) => {
    handle(raw, response).catch((error: unknown) => {
      plan.onAppError(error);
      response.destroy();
    });
  };
}

/** Gives whether what the kit has mounted took the request. */
function kitRoutes(
  adapter: ModelAdapter,
  plan: AppPlan,
): (request: FrameworkRequest, response: ServerResponse) => boolean {
  const routes = routesIn(plan);
  return (request, response) => {
    const endpoint = adapter.find(routes, request);
    if (endpoint === undefined) return false;
    adapter.answer(endpoint, adapter.toRequest(request), response);
    return true;
  };
}

function routesIn({ qbitflow, mounted }: AppPlan): readonly Route[] {
  const { path } = mounted;
  switch (mounted.what) {
    case 'router':
      return routesOf(qbitflow, mounted.options);
    case 'webhook':
      return [{ path, endpoint: webhookEndpoint(qbitflow) }];
    case 'success':
      return [{ path, endpoint: successEndpoint(qbitflow, mounted.options) }];
    case 'cancel':
      return [{ path, endpoint: cancelEndpoint(qbitflow, mounted.options) }];
    case 'status':
      return [{ path, endpoint: statusEndpoint(qbitflow, mounted.options) }];
    case 'checkout':
      break;
  }
  const endpointFor = checkoutEndpoint(qbitflow, mounted.toParams);
  const endpoint: Endpoint = async (request) => endpointFor(request.url)(request);
  return [{ path, endpoint }];
}

function withoutOrigin(url: string): string {
  return url.replace(/^[a-z]+:\/\/[^/]*/i, '');
}

function clientOf(raw: IncomingMessage, { proxies = 0 }: AppPlan): string | undefined {
  const named = String(raw.headers['x-forwarded-for'] ?? '').split(', ');
  return proxies > 0 ? named.at(-proxies) : raw.socket.remoteAddress;
}

type Parser = (raw: IncomingMessage) => Promise<{ body?: unknown; rawBody?: unknown }>;

async function bytesOf(raw: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = await raw.toArray();
  return Buffer.concat(chunks);
}

const PARSERS: Readonly<Record<BodyParser, Parser>> = {
  json: async (raw) => ({ body: JSON.parse((await bytesOf(raw)).toString()) }),
  raw: async (raw) => ({ body: await bytesOf(raw) }),
  text: async (raw) => ({ body: (await bytesOf(raw)).toString() }),
  'json and bytes': async (raw) => {
    const rawBody = await bytesOf(raw);
    return { body: JSON.parse(rawBody.toString()), rawBody };
  },
  'another type': async () => ({}),
};
