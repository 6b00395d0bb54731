import { expect, test } from 'vitest';
import { exportedBy, openFile, usualOrder } from '../src/driver.js';
import { freshFile } from './support/files.js';
import { hasNodeSqlite } from './support/handles.js';

test.each([
  ['20.19.0', 'libsql'],
  ['22.13.0', 'libsql'],
  ['24.14.0', 'libsql'],
  ['24.15.0', 'node'],
  ['26.0.0', 'node'],
])('Node %s: %s first, so that no warning is printed', (version, first) => {
  expect(usualOrder(version)[0]).toBe(first);
});

test.skipIf(hasNodeSqlite)('a driver that is not there: what to install', async () => {
  const failure = await openFile(freshFile(), 'node').catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'misconfigured', facts: { tried: ['node'] } });
  expect(failure).toHaveProperty('message', expect.stringContaining('install libsql 0.5.29'));
  expect(failure).toHaveProperty('cause', expect.any(Error));
});

test('a class is found in a namespace as Node makes it, and in one as Turbopack does', () => {
  class Database {
    readonly isOpen = true;
  }
  // Found in an app of Next's: the namespace of a CommonJS module that exports a function calls that function.
  const turbopack = Object.assign(
    (...args: unknown[]) => Reflect.apply(Database, undefined, args),
    {
      default: Database,
    },
  );
  expect([{ default: Database }, turbopack, Database].map(exportedBy)).toEqual([
    Database,
    Database,
    Database,
  ]);
});
