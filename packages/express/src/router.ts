import { findRoute, pathOf, routesOf, type QBitFlow, type RouteOptions } from '@qbitflow/core';
import type { RequestHandler } from 'express';
import { toHandler } from './to-handler.js';

/**
 * Every route of the kit: `/webhook`, `/success`, `/cancel`, `/status/:uuid`. Other paths go on to the app.
 * @example app.use('/qbitflow', qbitflowRouter(qbitflow));
 */
export function qbitflowRouter(qbitflow: QBitFlow, options?: RouteOptions): RequestHandler {
  const routes = routesOf(qbitflow, options);
  return (request, response, next) => {
    const endpoint = findRoute(routes, '', pathOf(request.url), {
      caseSensitive: request.app?.enabled?.('case sensitive routing'),
    });
    if (endpoint === undefined) next();
    else toHandler(endpoint)(request, response, next);
  };
}
