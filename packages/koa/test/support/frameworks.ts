import Koa3 from 'koa';
import Koa2 from 'koa2';

/** Every framework version this package works with. */
export const frameworks = [
  ['Koa 3', Koa3],
  ['Koa 2', Koa2],
] as const;
