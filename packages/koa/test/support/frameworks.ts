import Koa3 from 'koa';
import Koa2 from 'koa2';
import Koa213 from 'koa213';

/** Every framework version this package works with. */
export const frameworks = [
  ['Koa 3', Koa3],
  ['Koa 2', Koa2],
  ['Koa 2.13', Koa213],
] as const;
