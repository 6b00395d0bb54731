import { Router } from '@koa/router';
import Koa from 'koa';
import { qbitflowRouter } from '@qbitflow/koa';
import { createShop, shipped } from './shop.mjs';

const { API_KEY: apiKey, BASE_URL: baseUrl, SECRET: webhookSecret } = process.env;
const app = new Koa();
app.use(async (ctx, next) => {
  if (ctx.path === '/shipped') ctx.body = shipped;
  else await next();
});
const router = new Router();
router.use('/qbitflow', qbitflowRouter(createShop({ apiKey, baseUrl, webhookSecret })).routes());
app.use(router.routes());
const server = app.listen(0, '127.0.0.1', () => {
  console.log(`listening http://127.0.0.1:${server.address().port}`);
});
