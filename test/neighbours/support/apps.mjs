import { Router } from '@koa/router';
import {
  checkoutHandler as expressCheckout,
  qbitflowRouter as expressRouter,
} from '@qbitflow/express';
import { checkoutHandler as koaCheckout, qbitflowRouter as koaRouter } from '@qbitflow/koa';
import express from 'express';
import express4 from 'express4';
import Koa from 'koa';
import Koa2 from 'koa2';
import { expressNeighbours } from '../express.mjs';
import { koaNeighbours } from '../koa.mjs';

const TEA = { productName: 'Tea', price: 4.5 };

/** An Express app with a neighbour in front of the kit; what goes wrong in it is written to `errors`. */
async function expressApp(createApp, neighbour, { qbitflow, errors }) {
  const app = createApp();
  await neighbour.mount(app);
  app.use('/qbitflow', expressRouter(qbitflow));
  app.get('/ticket', (_request, response) => response.json({}));
  app.post(
    '/buy',
    expressCheckout(qbitflow, () => TEA),
  );
  app.use((error, _request, response, _next) => {
    if (error.code !== 'EBADCSRFTOKEN') errors.push(error);
    response.sendStatus(error.statusCode ?? 500);
  });
  return app;
}

/** The same in Koa; returns its listener. */
async function koaApp(App, neighbour, { qbitflow, errors }) {
  const app = new App();
  app.on('error', (error) => {
    if (error.status !== 403) errors.push(error);
  });
  await neighbour.mount(app);
  const router = new Router();
  router.use('/qbitflow', koaRouter(qbitflow).routes());
  router.get('/ticket', (ctx) => (ctx.body = {}));
  router.post(
    '/buy',
    koaCheckout(qbitflow, () => TEA),
  );
  app.use(router.routes());
  return app.callback();
}

const expressFramework = (name, createApp) => ({
  name,
  neighbours: expressNeighbours,
  open: async (neighbour, shop) => expressApp(createApp, neighbour, shop),
});
const koaFramework = (name, App) => ({
  name,
  neighbours: koaNeighbours,
  open: async (neighbour, shop) => koaApp(App, neighbour, shop),
});

/** Every framework, with what merchants mount in it; `open` resolves with a listener. */
export const frameworks = [
  expressFramework('Express 5', express),
  expressFramework('Express 4', express4),
  koaFramework('Koa 3', Koa),
  koaFramework('Koa 2', Koa2),
];
