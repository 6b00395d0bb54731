import { parseArgs } from 'node:util';
import { frameworks } from './frameworks/index.mjs';
import { isSupportedStore } from './stores.mjs';

const PROCESSING = ['background', 'before-reply', 'elsewhere'];
const PARSERS = ['none', 'json', 'raw', 'koa-bodyparser', '@koa/bodyparser', 'koa-body'];

/** Everything the receiver can be told, with its default. */
const OPTIONS = {
  framework: { type: 'string', default: 'express5' },
  store: { type: 'string', default: 'memory' },
  port: { type: 'string', default: '0' },
  /** Where handler successes are noted, one JSON line each. */
  log: { type: 'string' },
  /** Handlers throw on each event's first so many attempts. */
  fail: { type: 'string', default: '0' },
  /** How long handlers take (ms). */
  delay: { type: 'string', default: '0' },
  /** A body parser in front of the routes. */
  parser: { type: 'string', default: 'none' },
  processing: { type: 'string', default: 'background' },
  /** How long an answer waits for handlers with `--processing=before-reply` (ms). */
  'before-reply': { type: 'string' },
  /** Handlers write into this table of the merchant's, and complete, in one transaction (PostgreSQL). */
  'complete-within': { type: 'string' },
  /** Notes in the log, too, what becomes of deliveries; the kit's warnings go to stderr. */
  journal: { type: 'boolean', default: false },
  /** How long a crashed process keeps its deliveries from others (ms). */
  lease: { type: 'string' },
  /** How long SIGTERM lets running handlers finish (ms). */
  grace: { type: 'string' },
  /** How long the store may take before the answer is 503 (ms). */
  'record-timeout': { type: 'string' },
  /** Starts without an end before a delivery is parked. */
  'unfinished-starts': { type: 'string' },
  /** The path under which the routes are mounted, behind a router where the framework has one. */
  mount: { type: 'string', default: '' },
  /** Puts the routes beside a shop's own: `GET /own`, `GET /broken` and an error middleware. */
  shop: { type: 'boolean', default: false },
  /** Longest wait before another attempt (ms). */
  backoff: { type: 'string' },
  /** How long return pages wait for the API (ms). */
  'return-timeout': { type: 'string' },
};

/** The options, checked. What is unknown or not supported ends the process: one line on stderr, exit code 2. */
export function readArguments(argv) {
  const values = parse(argv);
  const { framework, store, parser, processing, mount, log } = values;
  const table = values['complete-within'];
  if (!Object.hasOwn(frameworks, framework))
    refuse(`--framework=${framework} is unknown: use ${Object.keys(frameworks).join(', ')}`);
  if (!isSupportedStore(store))
    refuse(
      `--store=${store} is not supported: use memory, sqlite:<file>, redis://… or postgres://…`,
    );
  if (!PARSERS.includes(parser)) refuse(`--parser=${parser} is unknown: use ${PARSERS.join(', ')}`);
  if (!PROCESSING.includes(processing))
    refuse(`--processing=${processing} is not supported: use ${PROCESSING.join(', ')}`);
  if (table !== undefined && !(/^[a-z_.]+$/.test(table) && store.startsWith('postgres')))
    refuse(`--complete-within=${table} must name a table, on --store=postgres://…`);
  if (mount !== '' && !/^\/.*[^/]$/.test(mount))
    refuse(`--mount=${mount} must start with a slash and not end in one`);
  if (log === undefined) refuse('--log=<file> is missing');
  return {
    ...values,
    port: wholeNumber(values, 'port'),
    fail: wholeNumber(values, 'fail'),
    delay: wholeNumber(values, 'delay'),
    backoff: wholeNumber(values, 'backoff'),
    returnTimeout: wholeNumber(values, 'return-timeout'),
    beforeReply: wholeNumber(values, 'before-reply'),
    lease: wholeNumber(values, 'lease'),
    grace: wholeNumber(values, 'grace'),
    recordTimeout: wholeNumber(values, 'record-timeout'),
    unfinishedStarts: wholeNumber(values, 'unfinished-starts'),
    completeWithin: table,
  };
}

function parse(args) {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    return refuse(error.message.split('\n')[0]);
  }
}

function wholeNumber(values, name) {
  const text = values[name];
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) refuse(`--${name}=${text} must be a whole number`);
  return Number(text);
}

function refuse(reason) {
  console.error(`receiver: ${reason}`);
  process.exit(2);
}
