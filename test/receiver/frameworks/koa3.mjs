import Koa from 'koa';
import { koaListener } from './shared/koa-listener.mjs';

/** The routes in an app of Koa 3. */
export function createListener(qbitflow, options) {
  return koaListener(new Koa(), qbitflow, options);
}
