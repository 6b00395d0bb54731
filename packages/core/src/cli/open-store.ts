import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { systemClock } from '../clock.js';
import { QBitFlowError } from '../errors.js';
import type { DurableStore } from '../store/durable-store.js';
import { resolveStore } from '../store/resolve-store.js';

/** A store opened for a command, and how to close everything that was opened with it. */
export interface OpenedStore {
  readonly store: DurableStore;
  readonly close: () => Promise<void>;
}

/** Where a store is looked for. */
export interface StorePlace {
  /** The merchant's project. */
  readonly folder: string;
  /** Whether a SQLite file that is not there is made: what only reads would find nothing in it. */
  readonly isNewFine: boolean;
}

/**
 * Opens what `--store` names, with the packages of the merchant's own project in `folder`: the kit itself depends on
 * none of them.
 */
export async function openStore(spec: string, place: StorePlace): Promise<OpenedStore> {
  const opened = await findStore(spec, place);
  try {
    await opened.store.init?.();
  } catch (error) {
    // An open client would keep the command alive after its error message.
    await opened.close().catch(() => undefined);
    throw error;
  }
  return opened;
}

/** The same, but nothing is prepared yet: no schema is made or brought up to date. */
export async function findStore(
  spec: string,
  { folder, isNewFine }: StorePlace,
): Promise<OpenedStore> {
  if (spec.startsWith('sqlite:')) {
    const { sqliteStore } = await fromProject('@qbitflow/store-sqlite', folder);
    const file = resolve(folder, spec.slice('sqlite:'.length));
    // Of a folder that is not there the store says so itself, and makes none.
    if (!isNewFine && !existsSync(file) && existsSync(dirname(file))) throw noFile(file);
    return selfClosing(call(sqliteStore, file));
  }
  if (/^postgres(ql)?:/.test(spec)) {
    const { postgresStore } = await fromProject('@qbitflow/store-postgres', folder);
    return selfClosing(call(postgresStore, { connectionString: spec, listen: false }));
  }
  if (/^rediss?:/.test(spec)) return openRedis(spec, folder);
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(spec)) throw notAStore(spec.slice(0, spec.indexOf(':')));
  const module = await load(pathToFileURL(resolve(folder, spec)).href, spec);
  return selfClosing(module['store']);
}

async function openRedis(spec: string, folder: string): Promise<OpenedStore> {
  const { redisStore } = await fromProject('@qbitflow/store-redis', folder);
  const { Redis } = await fromProject('ioredis', folder);
  if (typeof Redis !== 'function') throw notAStore('ioredis');
  const client: unknown = Reflect.construct(Redis, [spec, { maxRetriesPerRequest: 1 }]);
  // The store reports that it cannot be reached; without a listener ioredis would report it again.
  call(Reflect.get(Object(client), 'on').bind(client), 'error', () => undefined);
  const { store, close } = selfClosing(call(redisStore, { client }));
  return {
    store,
    async close() {
      await close();
      call(Reflect.get(Object(client), 'disconnect').bind(client));
    },
  };
}

function selfClosing(store: unknown): OpenedStore {
  if (!isStore(store)) throw notAStore('what was opened');
  // As a kit would have it: an older store is not given what it does not know.
  return { store: resolveStore(store, systemClock), close: async () => store.close() };
}

function isStore(value: unknown): value is DurableStore {
  return typeof value === 'object' && value !== null && 'takeDue' in value && 'list' in value;
}

function call(factory: unknown, ...values: unknown[]): unknown {
  if (typeof factory !== 'function') throw notAStore('the package');
  return Reflect.apply(factory, undefined, values);
}

async function fromProject(name: string, folder: string): Promise<Record<string, unknown>> {
  let file: string;
  try {
    file = createRequire(join(folder, 'package.json')).resolve(name);
  } catch (cause) {
    const message = `${name} is not installed in ${folder}: install it there, or run the command in the project that uses it`;
    throw new QBitFlowError('misconfigured', message, { cause });
  }
  return load(pathToFileURL(file).href, name);
}

async function load(url: string, name: string): Promise<Record<string, unknown>> {
  const module: unknown = await import(url);
  if (typeof module === 'object' && module !== null) return { ...module };
  throw notAStore(name);
}

function noFile(file: string): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    `there is no file ${file}, and none was made: correct the path, or start your app once, which makes it`,
  );
}

function notAStore(name: string): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    `${name} gives no durable store: use sqlite:<file>, redis://…, postgres://…, or a file that exports \`store\``,
  );
}
