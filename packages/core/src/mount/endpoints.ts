import type { HttpRequest, HttpResponse } from '../http.js';
import type { QBitFlow } from '../kit.js';
import type { StatusOptions } from '../status/answer-status.js';
import { resolveReturnOptions, type ReturnOptions } from '../redirect/return-options.js';

/** Answers one request, completely. It never rejects. */
export type Endpoint = (request: HttpRequest) => Promise<HttpResponse>;

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
  return (request) => qbitflow.receive(request);
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
  return (request) => qbitflow.answerStatus(request, options);
}

function returnEndpoint(qbitflow: QBitFlow, options: ReturnOptions): Endpoint {
  resolveReturnOptions(options);
  return (request) => qbitflow.confirmReturn(request, options);
}

/** Every route of the kit, below whatever path they are mounted under. */
export function routesOf(qbitflow: QBitFlow, options: RouteOptions = {}): readonly Route[] {
  const { success = {}, cancel, status = {} } = options;
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
