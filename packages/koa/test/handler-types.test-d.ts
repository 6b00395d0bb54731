import type { Router } from '@koa/router';
import type { QBitFlow } from '@qbitflow/core';
import type Koa from 'koa';
import type { Middleware } from 'koa';
import { expectTypeOf, test } from 'vitest';
import { cancelHandler, qbitflowRouter, successHandler, webhookHandler } from '../src/index.js';

declare const qbitflow: QBitFlow;

test('handlers and router are what Koa takes', () => {
  expectTypeOf(webhookHandler(qbitflow)).toExtend<Middleware>();
  expectTypeOf(successHandler(qbitflow)).toExtend<Middleware>();
  expectTypeOf(cancelHandler(qbitflow)).toExtend<Middleware>();
  expectTypeOf(qbitflowRouter(qbitflow)).toExtend<Router>();
});

test('they can be mounted on an app and on a router', () => {
  const mount = (app: Koa, router: Router) => {
    app.use(webhookHandler(qbitflow));
    app.use(qbitflowRouter(qbitflow, { success: { redirects: { paid: '/thanks' } } }).routes());
    router.get('/success', successHandler(qbitflow, { timeoutMs: 1_000 }));
  };
  expectTypeOf(mount).toBeFunction();
});

test('a page cannot be told to be the other one', () => {
  // @ts-expect-error -- which page it is comes from the handler
  expectTypeOf(successHandler(qbitflow, { page: 'cancel' })).toBeFunction();
});
