// oxlint-disable-next-line import/no-named-as-default -- majors before 15 have no export of that name
import Router from '@koa/router';
import { routesOf, type QBitFlow, type RouteOptions } from '@qbitflow/core';
import { toHandler } from './to-handler.js';

/**
 * Every route of the kit: `/webhook`, `/success`, `/cancel`, `/status/:uuid`.
 * @example app.use(new Router().use('/qbitflow', qbitflowRouter(qbitflow).routes()).routes());
 */
export function qbitflowRouter(qbitflow: QBitFlow, options?: RouteOptions): Router {
  const router = new Router();
  for (const { path, endpoint } of routesOf(qbitflow, options))
    router.all(path, toHandler(endpoint));
  return router;
}
