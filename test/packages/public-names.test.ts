import * as core from '@qbitflow/core';
import * as adapter from '@qbitflow/core/adapter';
import * as store from '@qbitflow/core/store';
import * as testing from '@qbitflow/core/testing';
import * as express from '@qbitflow/express';
import * as fastify from '@qbitflow/fastify';
import * as hono from '@qbitflow/hono';
import * as koa from '@qbitflow/koa';
import * as nest from '@qbitflow/nest';
import * as sandbox from '@qbitflow/sandbox';
import * as storePostgres from '@qbitflow/store-postgres';
import * as storeRedis from '@qbitflow/store-redis';
import * as storeSqlite from '@qbitflow/store-sqlite';
import { expect, test } from 'vitest';
import { movedNames, publicValues } from './public-names.js';

const entries: Readonly<Record<string, object>> = {
  '@qbitflow/core': core,
  '@qbitflow/core/adapter': adapter,
  '@qbitflow/core/store': store,
  '@qbitflow/core/testing': testing,
  '@qbitflow/express': express,
  '@qbitflow/fastify': fastify,
  '@qbitflow/hono': hono,
  '@qbitflow/koa': koa,
  '@qbitflow/nest': nest,
  '@qbitflow/sandbox': sandbox,
  '@qbitflow/store-sqlite': storeSqlite,
  '@qbitflow/store-redis': storeRedis,
  '@qbitflow/store-postgres': storePostgres,
};

test.each(Object.entries(entries))('%s exports what is on its list', (name, entry) => {
  expect(Object.keys(entry).toSorted()).toEqual([...(publicValues[name] ?? [])].toSorted());
});

test.each(movedNames)('%s is the same value in the entry that it moved to', (name) => {
  const moved: unknown = Reflect.get(adapter, name) ?? Reflect.get(store, name);
  expect(moved).toBeDefined();
  expect(Reflect.get(core, name)).toBe(moved);
});
