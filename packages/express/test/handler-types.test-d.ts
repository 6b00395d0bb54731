import type { QBitFlow } from '@qbitflow/core';
import type { Express, RequestHandler, Router } from 'express';
import { expectTypeOf, test } from 'vitest';
import { cancelHandler, qbitflowRouter, successHandler, webhookHandler } from '../src/index.js';

declare const qbitflow: QBitFlow;

test('handlers and router are what Express takes', () => {
  expectTypeOf(webhookHandler(qbitflow)).toExtend<RequestHandler>();
  expectTypeOf(successHandler(qbitflow)).toExtend<RequestHandler>();
  expectTypeOf(cancelHandler(qbitflow)).toExtend<RequestHandler>();
  expectTypeOf(qbitflowRouter(qbitflow)).toExtend<RequestHandler>();
});

test('they can be mounted on an app and on a router', () => {
  const mount = (app: Express, router: Router) => {
    app.post('/webhook', webhookHandler(qbitflow));
    app.use('/qbitflow', qbitflowRouter(qbitflow, { success: { redirects: { paid: '/thanks' } } }));
    router.get('/success', successHandler(qbitflow, { timeoutMs: 1_000 }));
  };
  expectTypeOf(mount).toBeFunction();
});

test('a page cannot be told to be the other one', () => {
  // @ts-expect-error -- which page it is comes from the handler
  expectTypeOf(successHandler(qbitflow, { page: 'cancel' })).toBeFunction();
});
