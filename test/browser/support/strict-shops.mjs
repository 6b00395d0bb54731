import { Router } from '@koa/router';
import { qbitflowRouter as expressRouter } from '@qbitflow/express';
import { qbitflowRouter as koaRouter } from '@qbitflow/koa';
import express from 'express';
import Koa from 'koa';

const strict = { sameSite: 'strict', httpOnly: true };

/** Shops whose `/login` gives a cookie that comes along only from their own pages. */
export const strictShops = [
  {
    name: 'Express',
    listener: (qbitflow, success) => {
      const app = express();
      app.get('/favicon.ico', (_request, response) => response.sendStatus(204));
      app.get('/login', (_request, response) =>
        response.cookie('session', 'buyer', strict).send('Hello'),
      );
      return app.use('/qbitflow', expressRouter(qbitflow, { success }));
    },
  },
  {
    name: 'Koa',
    listener: (qbitflow, success) => {
      const router = new Router();
      router.get('/favicon.ico', (ctx) => (ctx.status = 204));
      router.get('/login', (ctx) => {
        ctx.cookies.set('session', 'buyer', strict);
        ctx.body = 'Hello';
      });
      router.use('/qbitflow', koaRouter(qbitflow, { success }).routes());
      return new Koa().use(router.routes()).callback();
    },
  },
];
