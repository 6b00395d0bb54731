import { QBitFlowError } from '../errors.js';
import { type HttpRequest, type HttpResponse, originForm } from './http.js';
import type { QBitFlow } from '../kit.js';
import { takesShortcuts } from '../shortcuts.js';
import { assertKnownOptions } from '../known-options.js';
import { checkDeskOptions, type DeskOptions, type MetricsOptions } from '../desk/desk-options.js';
import type { StatusOptions } from '../status/handle-status.js';
import type { ReturnOptions } from '../return-page/return-options.js';
import type { ToCheckoutParams } from '../checkout/respond.js';

/** Answers one request, completely. It never rejects. */
export interface Endpoint {
  (request: HttpRequest): Promise<HttpResponse>;
  /** Called with why an answer could not be written, for the kit's logger and `onError`. */
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
  /** The operator's desk, at `/desk`. @default not mounted */
  readonly desk?: DeskOptions | undefined;
  /** Figures for Prometheus, at `/metrics`. @default not mounted */
  readonly metrics?: MetricsOptions | undefined;
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

/**
 * Serves the operator's desk, at one path and with all that a page shows in the query. It answers GET and POST, and is not
 * for customers. Throws `misconfigured` for options that cannot work.
 */
export function deskEndpoint(qbitflow: QBitFlow, options?: DeskOptions): Endpoint {
  const checked = checkDeskOptions('deliveriesDesk', options);
  return endpointOf(qbitflow, (request) => qbitflow.handleDesk(request, checked));
}

/** Serves figures in Prometheus' text format. Throws `misconfigured` for options that cannot work. */
export function metricsEndpoint(qbitflow: QBitFlow, options?: MetricsOptions): Endpoint {
  const checked = checkDeskOptions('metricsHandler', options);
  return endpointOf(qbitflow, (request) => qbitflow.handleMetrics(request, checked));
}

/** The options are resolved once, when the page is mounted. */
function returnEndpoint(qbitflow: QBitFlow, options: ReturnOptions): Endpoint {
  assertKit(qbitflow);
  const resolved = qbitflow.resolveReturnOptions(options);
  return endpointOf(qbitflow, (request) => qbitflow.handleReturn(request, resolved));
}

/** An endpoint of this kit, of a function made for it. Throws `misconfigured` for what is no kit. */
function endpointOf(
  qbitflow: QBitFlow,
  answer: (request: HttpRequest) => Promise<HttpResponse>,
): Endpoint {
  assertKit(qbitflow);
  return Object.assign(answer, {
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

const ROUTE_OPTIONS = {
  success: true,
  cancel: true,
  status: true,
  desk: true,
  metrics: true,
} as const satisfies Record<keyof RouteOptions, true>;

const ROUTE_OPTION_NAMES: readonly string[] = Object.keys(ROUTE_OPTIONS);
const MOUNT_OPTION_NAMES: readonly string[] = [...ROUTE_OPTION_NAMES, 'basePath'];

const STATUS_OPTIONS = Object.keys({ authorize: true, timeoutMs: true } satisfies Record<
  keyof StatusOptions,
  true
>);

/** Every route of the kit, below whatever path they are mounted under. Throws `misconfigured` for options that cannot work. */
export function routesOf(qbitflow: QBitFlow, options: RouteOptions = {}): readonly Route[] {
  assertKnownOptions('the routes', options, ROUTE_OPTION_NAMES);
  const { success = {}, cancel, status = {}, desk, metrics } = options;
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
    ...(desk === undefined ? [] : [{ path: '/desk', endpoint: deskEndpoint(qbitflow, desk) }]),
    ...(metrics === undefined
      ? []
      : [{ path: '/metrics', endpoint: metricsEndpoint(qbitflow, metrics) }]),
  ];
}

/** Where and how the routes are mounted. */
export interface MountOptions extends RouteOptions {
  /** Path in front of the routes, e.g. `/qbitflow`. @default '' */
  readonly basePath?: string | undefined;
}

/** Finds the endpoint for the path of a request's url; `undefined` for a path that is none of ours. */
export type Router = (url: string) => Endpoint | undefined;

/** All routes of a kit below `basePath`, for `call`. Throws `misconfigured` for options that cannot work. */
export function routerOf(call: string, qbitflow: QBitFlow, options: MountOptions): Router {
  assertKnownOptions(call, options, MOUNT_OPTION_NAMES);
  const { basePath = '', ...routeOptions } = options;
  const routes = routesOf(qbitflow, routeOptions);
  const base = mountPath(basePath);
  return (url) => findRoute(routes, base, pathOf(url));
}

/** The path of a request's url, without query and without a slash at its end. */
export function pathOf(url: string): string {
  return tidy(originForm(url));
}

/** Whether two paths are the same to a router that does not mind the case of letters, as Express and Koa do not. */
export function isSamePath(path: string, other: string): boolean {
  return (
    path === other || (path.length === other.length && path.toLowerCase() === other.toLowerCase())
  );
}

function tidy(url: string): string {
  const query = url.indexOf('?');
  const path = query === -1 ? url : url.slice(0, query);
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** How paths are compared. */
export interface PathRules {
  /** Whether `/Webhook` is another path than `/webhook`: what the app has told its framework. @default false */
  readonly caseSensitive?: boolean | undefined;
}

/** The endpoint mounted for a path below `basePath`, or `undefined`. */
export function findRoute(
  routes: readonly Route[],
  basePath: string,
  path: string,
  { caseSensitive = false }: PathRules = {},
): Endpoint | undefined {
  const isSame = caseSensitive ? Object.is : isSamePath;
  if (!isSame(path.slice(0, basePath.length), basePath)) return undefined;
  const below = path.slice(basePath.length);
  // As written, the webhook's path is found without being taken apart: 2 µs of every delivery.
  const written = takesShortcuts ? routes.find(({ path: own }) => own === below) : undefined;
  if (written !== undefined && !below.includes(':')) return written.endpoint;
  const segments = below.split('/');
  return routes.find((route) => matches(route.path.split('/'), segments, isSame))?.endpoint;
}

function matches(
  pattern: readonly string[],
  segments: readonly string[],
  isSame: (part: string, segment: string) => boolean,
): boolean {
  return (
    pattern.length === segments.length &&
    segments.every((segment, index) => {
      const part = pattern[index] ?? '';
      return part.startsWith(':') ? segment !== '' : isSame(part, segment);
    })
  );
}

/** A path to mount under, without a slash at its end. Throws `misconfigured` for one that could never match. */
export function mountPath(path: string): string {
  // Code without types may leave it out.
  const text = typeof path === 'string' ? tidy(path) : 'nothing';
  if (text === '/' || text === '') return '';
  if (text.startsWith('/') && !/[?#]/.test(path)) return text;
  throw new QBitFlowError(
    'misconfigured',
    `'${path}' is no path to mount under: it starts with a slash and has no query, e.g. '/qbitflow'`,
  );
}

/**
 * Opens the checkout a POST asks for. A browser that submits a form gets a page that goes on to the hosted one by itself
 * (200), which no `form-action` policy cancels; other callers get a redirect (303), and JSON (201) where that is
 * preferred. What is sold, and for how much, is what `toParams` says. Never rejects.
 */
export async function openCheckout(
  qbitflow: QBitFlow,
  request: HttpRequest,
  toParams: ToCheckoutParams,
): Promise<HttpResponse> {
  return qbitflow.handleCheckout(request, toParams);
}

/**
 * For an adapter: the endpoint that opens the checkout a request asks for, where `toParams` takes what the framework
 * makes of the request. Throws `misconfigured` without a kit or a function.
 */
export function checkoutEndpoint<Asked>(
  qbitflow: QBitFlow,
  toParams: (asked: Asked) => ReturnType<ToCheckoutParams>,
): (asked: Asked) => Endpoint {
  assertKit(qbitflow);
  if (typeof toParams !== 'function')
    throw new QBitFlowError(
      'misconfigured',
      "a checkout needs a function that says what is sold, e.g. checkoutHandler(qbitflow, () => ({ productName: 'Tea', price: 4.5 }))",
    );
  return (asked) =>
    endpointOf(qbitflow, (request) => openCheckout(qbitflow, request, () => toParams(asked)));
}
