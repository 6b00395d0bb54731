/**
 * For authors of adapters: the kit's routes as endpoints that answer any framework's request. An adapter says what a
 * request is and writes an answer as it stands; `adapterSuite` of `@qbitflow/conformance` proves that it does.
 * @module @qbitflow/core/adapter
 */

// The routes, all of them or one by one, and finding the one that a path is meant for
export {
  cancelEndpoint,
  checkoutEndpoint,
  deskEndpoint,
  findRoute,
  metricsEndpoint,
  openCheckout,
  pathOf,
  routesOf,
  statusEndpoint,
  successEndpoint,
  webhookEndpoint,
  type Endpoint,
  type PathRules,
  type ReturnPageOptions,
  type Route,
  type RouteOptions,
} from './http/routes.js';
export type { ToCheckoutParams } from './checkout/respond.js';
export type { StatusOptions } from './status/handle-status.js';
export type { AuthorizeOperator, DeskOptions, MetricsOptions } from './desk/desk-options.js';

// Requests and answers
export type { HttpHeaders, HttpRequest, HttpResponse } from './http/http.js';
export { answerNodeRequest } from './http/node.js';

// Options of your own
export { assertKnownOptions } from './known-options.js';
