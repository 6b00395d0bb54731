// Every value that a merchant imports says how it is used, and what it says works: the examples of its doc comments run
// here against the sandbox.
import * as conformance from '@qbitflow/conformance';
import * as core from '@qbitflow/core';
import * as coreTesting from '@qbitflow/core/testing';
import * as express from '@qbitflow/express';
import * as fastifyAdapter from '@qbitflow/fastify';
import * as honoAdapter from '@qbitflow/hono';
import * as koaAdapter from '@qbitflow/koa';
import * as nestAdapter from '@qbitflow/nest';
import * as sandboxPackage from '@qbitflow/sandbox';
import * as storePostgres from '@qbitflow/store-postgres';
import * as storeRedis from '@qbitflow/store-redis';
import * as storeSqlite from '@qbitflow/store-sqlite';
import { describe, expect, test } from 'vitest';
import { durableStores } from '../journeys/support/durable-stores.js';
import { docCommentsOf } from './doc-comments.js';
import { movedNames } from '../packages/public-names.js';
import { runExample } from './run-example.js';

/** Whose values are documented with examples: the package, and what its entries export. */
const packages = [
  ['core', { ...core, ...coreTesting }, movedNames],
  ['conformance', conformance, []],
  ['express', express, []],
  ['fastify', fastifyAdapter, []],
  ['hono', honoAdapter, []],
  ['koa', koaAdapter, []],
  ['nest', nestAdapter, []],
  ['sandbox', sandboxPackage, []],
  ['store-sqlite', storeSqlite, []],
  ['store-redis', storeRedis, []],
  ['store-postgres', storePostgres, []],
] as const;

/** Packages whose examples talk to a server that is not there. */
const withoutServer: readonly string[] = durableStores.flatMap(({ name, isThere }) =>
  isThere ? [] : [`store-${name === 'PostgreSQL' ? 'postgres' : name.toLowerCase()}`],
);

describe.each(packages)('@qbitflow/%s', (name, exported, moved: readonly string[]) => {
  const comments = docCommentsOf(name);
  const values = Object.keys(exported).filter((value) => !moved.includes(value));

  test('every value has an example', () => {
    const without = values.filter((value) => (comments.get(value)?.examples.length ?? 0) === 0);
    expect(without).toEqual([]);
  });

  test('every function says what it throws, or that it never does', () => {
    const functions = values.filter((value) => {
      const found: unknown = Reflect.get(exported, value);
      return (
        typeof found === 'function' && !/^class\b/.test(Function.prototype.toString.call(found))
      );
    });
    const silent = functions.filter(
      (value) => !/^@throws \S|[Nn]ever (?:throws|rejects)/m.test(comments.get(value)?.text ?? ''),
    );
    expect(silent).toEqual([]);
  });

  test('every value has a sentence before its tags', () => {
    const without = values.filter((value) => {
      const [summary = ''] = (comments.get(value)?.text ?? '').split(/^@/m);
      return !/^\s*[A-Z`][\s\S]*[.:]/.test(summary);
    });
    expect(without).toEqual([]);
  });

  const examples = values.flatMap((value) =>
    (comments.get(value)?.examples ?? []).map((code) => [value, code] as const),
  );
  test.skipIf(withoutServer.includes(name)).each(examples)(
    '%s: its example runs',
    async (_value, code) => {
      expect(code).toMatch(/^import /m);
      await runExample(code);
    },
  );
});
