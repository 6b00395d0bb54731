import { QBitFlowError } from '../errors.js';
import type { HttpRequest, HttpResponse } from './http.js';
import type { QBitFlow } from '../kit.js';
import { assertKnownOptions } from '../known-options.js';
import type { StatusOptions } from '../status/handle-status.js';
import { resolveReturnOptions, type ReturnOptions } from '../return-page/return-options.js';

/** Answers one request, completely. It never rejects. */
export interface Endpoint {
  (request: HttpRequest): Promise<HttpResponse>;
  /** Told of an answer that could not be written, for the kit's logger and `onError`. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

/** How a success or cancel page behaves; which of the two it is comes from where it is mounted. */
export type ReturnPageOptions = Omit<ReturnOptions, 'page'>;

/** How the routes behave. */
export interface RouteOptions {
  readonly success?: ReturnPageOptions | undefined;
  readonly cancel?: ReturnPageOptions | undefined;
  /** Each of its options is by default what `success` says. */
  readonly status?: StatusOptions | undefined;
}

/** One route, for an adapter to mount. It answers every method itself, with a 405 where it must. */
export interface Route {
  /** `:name` stands for one segment. */
  readonly path: string;
  readonly endpoint: Endpoint;
}

/** Takes in deliveries. */
export function webhookEndpoint(qbitflow: QBitFlow): Endpoint {
  return endpointOf(qbitflow, (request) => qbitflow.handleWebhook(request));
}

/** Serves the success URL. Throws `misconfigured` for options that cannot work. */
export function successEndpoint(qbitflow: QBitFlow, options: ReturnPageOptions = {}): Endpoint {
  return returnEndpoint(qbitflow, { ...options, page: 'success' });
}

/** Serves the cancel URL: the same truth, since a customer may pay first and press back then. */
export function cancelEndpoint(qbitflow: QBitFlow, options: ReturnPageOptions = {}): Endpoint {
  return returnEndpoint(qbitflow, { ...options, page: 'cancel' });
}

/** Serves the live status, for `…/status/:uuid`: the id is the path's last segment. */
export function statusEndpoint(qbitflow: QBitFlow, options: StatusOptions = {}): Endpoint {
  assertKnownOptions('the status route', options, STATUS_OPTIONS);
  return endpointOf(qbitflow, (request) => qbitflow.handleStatus(request, options));
}

function returnEndpoint(qbitflow: QBitFlow, options: ReturnOptions): Endpoint {
  resolveReturnOptions(options);
  return endpointOf(qbitflow, (request) => qbitflow.handleReturn(request, options));
}

/** An endpoint of this kit. Throws `misconfigured` for what is no kit. */
export function endpointOf(qbitflow: QBitFlow, answer: Endpoint): Endpoint {
  assertKit(qbitflow);
  const own: Endpoint = (request) => answer(request);
  return Object.assign(own, {
    onFailure(error: unknown) {
      qbitflow.report(error, { stage: 'respond' });
    },
  });
}

function assertKit(given: unknown): void {
  const isObject = typeof given === 'object' && given !== null;
  if (isObject && typeof Reflect.get(given, 'handleWebhook') === 'function') return;
  const what = isObject ? 'another object' : typeof given === 'function' ? 'a function' : given;
  throw new QBitFlowError(
    'misconfigured',
    `the kit is missing: handlers and routers are made for the one that createQBitFlow() returned, and were given ${String(what)}`,
  );
}

const ROUTE_OPTIONS = { success: true, cancel: true, status: true } as const satisfies Record<
  keyof RouteOptions,
  true
>;

/** The names of the options of all routes. */
export const ROUTE_OPTION_NAMES: readonly string[] = Object.keys(ROUTE_OPTIONS);

const STATUS_OPTIONS = Object.keys({ authorize: true, timeoutMs: true } satisfies Record<
  keyof StatusOptions,
  true
>);

/** Every route of the kit, below whatever path they are mounted under. Throws `misconfigured` for options that cannot work. */
export function routesOf(qbitflow: QBitFlow, options: RouteOptions = {}): readonly Route[] {
  assertKnownOptions('the routes', options, ROUTE_OPTION_NAMES);
  const { success = {}, cancel, status = {} } = options;
  assertKnownOptions('the status route', status, STATUS_OPTIONS);
  const statusOptions: StatusOptions = {
    // Whoever may not see the page may not listen either, whatever else is said of the route.
    authorize: status.authorize ?? success.authorize,
    timeoutMs: status.timeoutMs ?? success.timeoutMs,
  };
  return [
    { path: '/webhook', endpoint: webhookEndpoint(qbitflow) },
    { path: '/success', endpoint: successEndpoint(qbitflow, success) },
    { path: '/cancel', endpoint: cancelEndpoint(qbitflow, cancel) },
    { path: '/status/:uuid', endpoint: statusEndpoint(qbitflow, statusOptions) },
  ];
}
