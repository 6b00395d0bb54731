// What a delivery and an import may cost, counted: every number here is one that no noise changes. Whoever goes over a
// ceiling finds out where, or says here why it is worth it; whoever saves something lowers it, or the planted ones below
// it are not found any more.

/** An amount that must not be passed, and why it is not less. */
export interface Ceiling {
  readonly most: number;
  readonly because: string;
}

/** A delivery on node:http and the memory store, until its handler has ended: everything in the process but the sender. */
export const DELIVERY = {
  promises: {
    most: 11.5,
    because:
      'the promise of the handler, those of the steps that wait for a body and a store, and Node’s own',
  },
  timers: {
    most: 1.3,
    because:
      'one of node:http for the connection; a body that comes with its headers has none, nor has a handler that ends at once',
  },
} as const satisfies Readonly<Record<string, Ceiling>>;

/** Bytes of the heap for the same, by the major version of Node. */
export const HEAP: Readonly<Record<string, Ceiling>> = {
  20: {
    most: 26_600,
    because: 'about 14,000 are of node:http itself, 800 the history of the attempt',
  },
  24: { most: 28_900, because: 'as on 20; node:http has more for each request' },
  26: { most: 28_600, because: 'as on 24' },
};

/**
 * Bytes for each delivery that outlive it, while many come at once: what a garbage collector copies twice, and what then
 * waits for all garbage to be collected.
 */
export const OUTLIVING: Ceiling = {
  most: 950,
  because:
    'its key and where its bytes are, in the memory store and its index, and its subject for pages: 780 on Node 20, 540 on 24',
};

/** What a store is asked for a delivery that comes alone. Those that come together share it. */
export const STATEMENTS: Readonly<Record<string, Ceiling>> = {
  PostgreSQL: { most: 2.2, because: 'one that records and takes, one that completes' },
  Redis: { most: 2.2, because: 'one script that records and takes, one that completes' },
  SQLite: { most: 2.2, because: 'one transaction that records and takes, one that completes' },
};

/** What the import of an entry loads: of the kit's own packages files and kilobytes, and of which others anything. */
export interface ImportCeiling {
  readonly entry: string;
  readonly files: { readonly esm: number; readonly cjs: number };
  readonly kilobytes: number;
  readonly others: readonly string[];
  readonly because: string;
}

/** What @koa/router, which a Koa app has anyway, is made of. */
const KOA_ROUTER = [
  '@koa/router',
  'debug',
  'depd',
  'has-flag',
  'http-errors',
  'inherits',
  'koa-compose',
  'ms',
  'path-to-regexp',
  'setprototypeof',
  'statuses',
  'supports-color',
  'toidentifier',
];

// In CommonJS there is one file more: what a bundle needs to look like a module.
const SHARED = { esm: 2, cjs: 3 };
const OVER_SHARED = { esm: 3, cjs: 4 };

/** Every entry that a process of a merchant's imports. */
export const IMPORTS: readonly ImportCeiling[] = [
  {
    entry: '@qbitflow/core',
    files: { esm: 4, cjs: 5 },
    kilobytes: 322,
    others: ['zod'],
    because:
      'the kit, apart from what bundlers can leave out; what asks the API, pages, the desk, ws, raw-body and every schema come when they are needed',
  },
  {
    entry: '@qbitflow/core/adapter',
    files: SHARED,
    kilobytes: 77,
    others: [],
    because: 'routes and answers',
  },
  {
    entry: '@qbitflow/core/store',
    files: SHARED,
    kilobytes: 80,
    others: [],
    because: 'what stores have in common, what operators look for among it',
  },
  {
    entry: '@qbitflow/core/testing',
    files: SHARED,
    kilobytes: 93,
    others: [],
    because: 'fixtures and the signer',
  },
  {
    entry: '@qbitflow/express',
    files: OVER_SHARED,
    kilobytes: 80,
    others: [],
    because: 'itself, over the adapter entry',
  },
  {
    entry: '@qbitflow/koa',
    files: OVER_SHARED,
    kilobytes: 81,
    others: KOA_ROUTER,
    because: 'itself, over the adapter entry',
  },
  {
    entry: '@qbitflow/store-postgres',
    files: OVER_SHARED,
    kilobytes: 167,
    others: [],
    because: 'itself and operators’ searches, over the store entry; the client is the merchant’s',
  },
  {
    entry: '@qbitflow/store-redis',
    files: OVER_SHARED,
    kilobytes: 180,
    others: [],
    because: 'itself and all its scripts, over the store entry; the client is the merchant’s',
  },
  {
    entry: '@qbitflow/store-sqlite',
    files: OVER_SHARED,
    kilobytes: 151,
    others: [],
    because:
      'itself and operators’ searches, over the store entry; a driver is loaded when a file is opened',
  },
];

/** What a merchant's bundler makes of an import: minified, and of the file it starts with what that needs at once. */
export interface SizeCeiling {
  readonly name: string;
  /** The app. */
  readonly code: string;
  /** Kilobytes of all, and of the kit's own code among them. */
  readonly kilobytes: number;
  readonly ownKilobytes: number;
  /** The packages that are in it. */
  readonly others: readonly string[];
  readonly because: string;
}

/** Every way of using the kit that is bundled by itself. */
export const SIZES: readonly SizeCeiling[] = [
  {
    name: 'verifySignature',
    code: `import { verifySignature } from '@qbitflow/core'; console.log(verifySignature);`,
    kilobytes: 15.3,
    ownKilobytes: 15.3,
    others: [],
    because:
      'both generations’ signatures: two thirds are v1’s canonical JSON and the bounds of errors',
  },
  {
    name: 'returnUrl',
    code: `import { returnUrl } from '@qbitflow/core'; console.log(returnUrl);`,
    kilobytes: 5,
    ownKilobytes: 5,
    others: [],
    because: 'placeholders, and an error that says what is wrong',
  },
  {
    name: 'a receiver of v2',
    code: `import { createQBitFlow, toNodeHandler } from '@qbitflow/core';
      const kit = createQBitFlow({ webhookSecret: 'whsec_a', generations: ['v2'] });
      console.log(toNodeHandler(kit.on('payment.completed', () => {})));`,
    kilobytes: 241.4,
    ownKilobytes: 149.2,
    others: ['zod'],
    because:
      'what a delivery may need until its handler has run, and nothing that can wait: 20 of it are the memory store, 12 reading v1, since only the body says what it is, 18 what is checked of options and pages when they are given, to throw at once; and of zod what is used',
  },
  {
    name: 'a receiver on Express with PostgreSQL',
    code: `import { createQBitFlow } from '@qbitflow/core';
      import { webhookHandler } from '@qbitflow/express';
      import { postgresStore } from '@qbitflow/store-postgres';
      console.log(webhookHandler(createQBitFlow({ store: postgresStore('postgres://') })));`,
    kilobytes: 300,
    ownKilobytes: 207.8,
    others: ['zod'],
    because: 'as above, and the store’s statements',
  },
];
