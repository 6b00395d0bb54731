import Koa from 'koa2';
import { koaListener } from './shared/koa-listener.mjs';

/** The routes in an app of Koa 2. */
export function createListener(qbitflow, options) {
  return koaListener(new Koa(), qbitflow, options);
}
