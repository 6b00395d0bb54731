import { createQBitFlow } from '@qbitflow/core';
import * as express from '@qbitflow/express';
import * as koa from '@qbitflow/koa';
import { describe, expect, test } from 'vitest';

/** What code without types may pass. */
const untyped = (value: unknown): never => value as never;

const qbitflow = createQBitFlow({ webhookSecret: 'whsec_test', logger: false });

describe.each([
  ['express', express],
  ['koa', koa],
] as const)('%s', (_adapter, adapter) => {
  test.each<[string, () => unknown]>([
    ['webhookHandler', () => adapter.webhookHandler(untyped(undefined))],
    ['successHandler', () => adapter.successHandler(untyped({}))],
    ['cancelHandler', () => adapter.cancelHandler(untyped(createQBitFlow))],
    ['statusHandler', () => adapter.statusHandler(untyped(null))],
    ['checkoutHandler', () => adapter.checkoutHandler(untyped(undefined), () => undefined)],
    ['qbitflowRouter', () => adapter.qbitflowRouter(untyped(undefined))],
  ])('%s without a kit is refused when the app is put together', (_name, mount) => {
    expect(mount).toThrow(expect.objectContaining({ code: 'misconfigured' }));
    expect(mount).toThrow('createQBitFlow() returned');
  });

  test.each<[string, () => unknown, string]>([
    [
      'a router',
      () => adapter.qbitflowRouter(qbitflow, untyped({ sucess: {} })),
      'did you mean success?',
    ],
    [
      'a page of a router',
      () => adapter.qbitflowRouter(qbitflow, { success: untyped({ redirect: {} }) }),
      'did you mean redirects?',
    ],
    [
      'a page',
      () => adapter.successHandler(qbitflow, untyped({ autorize: true })),
      'mean authorize?',
    ],
    [
      'an outcome',
      () => adapter.cancelHandler(qbitflow, { texts: untyped({ payed: {} }) }),
      'mean paid?',
    ],
    ['a status route', () => adapter.statusHandler(qbitflow, untyped({ timeout: 1 })), "'timeout'"],
    [
      'a checkout',
      () => adapter.checkoutHandler(qbitflow, untyped({ price: 4 })),
      'says what is sold',
    ],
  ])('a slip in the options of %s is refused, with the cure', (_what, mount, cure) => {
    expect(mount).toThrow(expect.objectContaining({ code: 'misconfigured' }));
    expect(mount).toThrow(cure);
  });
});
