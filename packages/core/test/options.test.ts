import { expect, test } from 'vitest';
import { resolveOptions, type Environment } from '../src/options.js';
import { generationNamed } from '../src/protocol/index.js';
import { thrownBy } from './support/rejection-of.js';

const resolve = (options: object, env: Environment = {}) => resolveOptions(options, env);

const refusals: [string, object, string][] = [
  ['nothing to verify with', {}, 'give a webhookSecret (or QBITFLOW_WEBHOOK_SECRET), or an apiKey'],
  ['an empty list of secrets', { webhookSecret: [] }, 'nothing can be verified'],
  ['an empty secret', { webhookSecret: '' }, 'webhookSecret is empty'],
  ['an empty secret in a list', { webhookSecret: ['a', ''] }, 'webhookSecret is empty'],
  [
    'a secret with a line end',
    { webhookSecret: 'whsec_a\n' },
    'often a line end from a file: trim',
  ],
  ['a secret with a space', { webhookSecret: [' whsec_a'] }, 'white space around it'],
  ['an apiKey with a line end', { apiKey: 'sk_a\n' }, 'apiKey has white space around it'],
  ['a secret in quotes', { webhookSecret: '"whsec_a"' }, 'webhookSecret has quotes around it'],
  ['a secret in single quotes', { webhookSecret: "'whsec_a'" }, 'leave them out'],
  ['the first half of a quoted list', { webhookSecret: ['"a', 'b'] }, 'quotes around it'],
  ['a secret as word processors quote it', { webhookSecret: '“whsec_a”' }, 'quotes around it'],
  ['an API key for a secret', { webhookSecret: 'sk_4711_live_private' }, 'is an API key (sk_…)'],
  ['a secret for an API key', { apiKey: 'whsec_private' }, 'is a webhook secret (whsec_…)'],
  ['an API key in quotes', { apiKey: '"sk_a"' }, 'apiKey has quotes around it'],
  ['a baseUrl in quotes', { webhookSecret: 'a', baseUrl: '"https://x/v2"' }, 'baseUrl has quotes'],
  ['a variable that is not set', { webhookSecret: String(undefined) }, "is the text 'undefined'"],
  [
    'a template not filled in',
    { webhookSecret: '${SECRET}' },
    'is a variable that was never filled',
  ],
  ['a secret that is a number', { webhookSecret: 4711 }, 'webhookSecret is a text (whsec_…)'],
  ['an apiKey alone on v2', { apiKey: 'sk_a' }, 'or the endpointUuid for remote checks'],
  ['an unknown option', { webhookSecret: 'a', webhookSecrets: 'b' }, 'did you mean webhookSecret?'],
  ['an option in other case', { webhookSecret: 'a', baseURL: 'b' }, 'did you mean baseUrl?'],
  [
    'an option of nothing here',
    { webhookSecret: 'a', colour: 1 },
    "'colour' is no option: it takes",
  ],
  ['an unknown handler option', { webhookSecret: 'a', handlers: { retries: 3 } }, 'retries'],
  [
    'a mistyped handler option',
    { webhookSecret: 'a', handlers: { maxAttempt: 3 } },
    'did you mean maxAttempts?',
  ],
  [
    'a publicUrl of one route',
    { webhookSecret: 'a', publicUrl: 'https://shop.example/qbitflow/success' },
    'leave out what its path ends in',
  ],
  [
    'a publicUrl of one route with a slash',
    { webhookSecret: 'a', publicUrl: 'https://shop.example/webhook/' },
    'leave out what its path ends in',
  ],
  [
    'a publicUrl without TLS in live mode',
    { webhookSecret: 'a', apiKey: 'sk_1_live_x', publicUrl: 'http://shop.example/qbitflow' },
    'must start with https:// in live mode',
  ],
  ['options that are none', 'whsec_a' as unknown as object, 'options are an object'],
  ['a baseUrl without a version', { webhookSecret: 'a', baseUrl: 'https://api.x' }, '/v1 or /v2'],
  ['a baseUrl that is no URL', { webhookSecret: 'a', baseUrl: 'api.x/v2' }, 'http(s) URL'],
  ['a baseUrl with a query', { webhookSecret: 'a', baseUrl: 'https://x/v2?a=/v2' }, '/v1 or /v2'],
  [
    'a baseUrl with a password',
    { webhookSecret: 'a', baseUrl: 'https://me:private@x.test/v2' },
    'leave them out',
  ],
  ['a store without its methods', { webhookSecret: 'a', store: {} }, 'store needs the methods'],
  ['a logger without levels', { webhookSecret: 'a', logger: {} }, 'logger needs the methods'],
  ['a clock without methods', { webhookSecret: 'a', clock: {} }, 'clock needs the methods now'],
  ['a random that is no function', { webhookSecret: 'a', random: 4 }, 'random must be a function'],
  ['no tolerance at all', { webhookSecret: 'a', toleranceSeconds: 0 }, 'toleranceSeconds'],
  ['a tolerance that is NaN', { webhookSecret: 'a', toleranceSeconds: Number.NaN }, 'toleranceSec'],
  ['a negative limit', { webhookSecret: 'a', bodyLimitBytes: -1 }, 'bodyLimitBytes'],
  ['half a worker', { webhookSecret: 'a', handlers: { concurrency: 0.5 } }, 'handlers.concurrency'],
  ['an unknown acknowledge', { webhookSecret: 'a', acknowledge: 'all' }, 'acknowledge'],
  ['an unknown mode', { webhookSecret: 'a', mode: 'sandbox' }, 'mode'],
  ['a keepAlive that is no yes or no', { webhookSecret: 'a', keepAlive: 'no' }, 'keepAlive'],
  [
    'keys kept for a text',
    { webhookSecret: 'a', handlers: { keepKeysMs: '7d' } },
    'handlers.keepKeysMs: a time in ms is a number above 0',
  ],
  ['a lease too short', { webhookSecret: 'a', handlers: { leaseMs: 99 } }, 'handlers.leaseMs'],
  ['a wait of no time', { webhookSecret: 'a', handlers: { giveUpAfterMs: 0 } }, 'giveUpAfterMs'],
  ['an unknown processing', { webhookSecret: 'a', processing: 'later' }, 'processing'],
];

test.each(refusals)('%s is refused at creation', (_name, options, cure) => {
  const error = thrownBy(() => resolve(options));
  expect(error).toMatchObject({ code: 'misconfigured' });
  expect(String(error)).toContain('QBitFlow is misconfigured: ');
  expect(String(error)).toContain(cure);
});

test('no refusal repeats a secret', () => {
  const error = thrownBy(() =>
    resolve({ webhookSecret: 'whsec_private\n', apiKey: 'sk_private ' }),
  );
  expect(String(error)).not.toContain('private');
  const swapped = { webhookSecret: 'sk_private', apiKey: 'whsec_private' };
  const quoted = { webhookSecret: '"private"', apiKey: "'private'" };
  for (const options of [swapped, quoted])
    expect(String(thrownBy(() => resolve(options)))).not.toContain('private');
  for (const baseUrl of ['https://me:private@x.test/v2', 'https://private@x.test/v2', 'private'])
    expect(String(thrownBy(() => resolve({ webhookSecret: 'a', baseUrl })))).not.toContain(
      'private',
    );
});

test('defaults', () => {
  const { store, logger, clock, random, fetch, instance, holder, ...plain } = resolve({
    webhookSecret: 'whsec_a',
  });
  expect(plain).toEqual({
    apiKey: undefined,
    endpointUuid: undefined,
    baseUrl: 'https://api.qbitflow.app/v2',
    apiGeneration: generationNamed('v2'),
    secrets: ['whsec_a'],
    generations: ['v2', 'v1'],
    toleranceSeconds: 300,
    bodyLimitBytes: 1_048_576,
    bodyTimeoutMs: 30_000,
    recordTimeoutMs: 5_000,
    beforeReplyMs: 25_000,
    acknowledge: 'genuine',
    processing: 'background',
    mode: 'live',
    failFast: false,
    keepAlive: true,
    handlers: {
      concurrency: 10,
      timeoutMs: 900_000,
      maxAttempts: 20,
      minBackoffMs: 1_000,
      maxBackoffMs: 3_600_000,
      leaseMs: 30_000,
      maxUnfinishedStarts: 3,
      pollIntervalMs: 1_000,
      giveUpAfterMs: 604_800_000,
      unhandledAfterMs: 86_400_000,
      keepDoneMs: 604_800_000,
      keepKeysMs: Infinity,
      graceMs: 10_000,
    },
  });
  expect(store.name).toBe('memory');
  expect([typeof logger.info, typeof clock.now, typeof fetch]).toEqual(Array(3).fill('function'));
  expect(random()).toBeLessThan(1);
  expect(holder).toMatch(new RegExp(`^[!-~]+:${process.pid}$`));
  expect(instance).not.toBe(resolve({ webhookSecret: 'whsec_a' }).instance);
});

test.each([
  ['a test key', { apiKey: 'sk_1_test_x' }],
  ['no key', {}],
  ['v1, which takes it', { apiKey: 'sk_1_live_x', baseUrl: 'https://api.qbitflow.app/v1' }],
])('with %s a publicUrl may be without TLS', (_name, more) => {
  const options = { webhookSecret: 'a', publicUrl: 'http://localhost:3000/qbitflow/', ...more };
  expect(resolve(options).publicUrl).toBe('http://localhost:3000/qbitflow');
});

test('undefined means the default, in handler options too', () => {
  const settings = resolve({
    webhookSecret: 'a',
    toleranceSeconds: undefined,
    handlers: { timeoutMs: undefined, concurrency: 2 },
  });
  expect(settings).toMatchObject({
    toleranceSeconds: 300,
    handlers: { timeoutMs: 900_000, concurrency: 2, maxAttempts: 20 },
  });
});

test('the environment fills in what was not given', () => {
  const env = {
    QBITFLOW_API_KEY: 'sk_env',
    QBITFLOW_BASE_URL: 'https://api.qbitflow.app/v1',
    QBITFLOW_WEBHOOK_SECRET: 'whsec_new, whsec_old',
  };
  expect(resolve({}, env)).toMatchObject({
    apiKey: 'sk_env',
    baseUrl: 'https://api.qbitflow.app/v1',
    secrets: ['whsec_new', 'whsec_old'],
  });
  expect(resolve({ webhookSecret: 'whsec_given', apiKey: 'sk_given' }, env)).toMatchObject({
    apiKey: 'sk_given',
    secrets: ['whsec_given'],
  });
});

test('an option of undefined does not hide the environment', () => {
  const env = { QBITFLOW_WEBHOOK_SECRET: 'whsec_env' };
  expect(resolve({ webhookSecret: undefined }, env).secrets).toEqual(['whsec_env']);
});

test('empty environment variables are no values', () => {
  const env = { QBITFLOW_API_KEY: '', QBITFLOW_WEBHOOK_SECRET: '', QBITFLOW_BASE_URL: '' };
  expect(resolve({ webhookSecret: 'a' }, env).apiKey).toBeUndefined();
  expect(thrownBy(() => resolve({}, env))).toMatchObject({ code: 'misconfigured' });
});

test('an apiKey alone is enough where the API can be asked: on v1, on v2 with the endpoint', () => {
  const baseUrl = 'https://api.qbitflow.app/v1';
  expect(resolve({ apiKey: 'sk_a', baseUrl }).secrets).toEqual([]);
  expect(resolve({ apiKey: 'sk_a', endpointUuid: 'e' }).secrets).toEqual([]);
});

test('a process that takes no deliveries says so, and needs no secret', () => {
  const env = { QBITFLOW_WEBHOOK_SECRET: 'whsec_of_others' };
  expect(resolve({ apiKey: 'sk_a', webhookSecret: false }, env).secrets).toBeUndefined();
  expect(resolve({ webhookSecret: false }).secrets).toBeUndefined();
});

test('slashes at the end of baseUrl are dropped', () => {
  const { baseUrl } = resolve({ webhookSecret: 'a', baseUrl: 'http://127.0.0.1:4242/v1//' });
  expect(baseUrl).toBe('http://127.0.0.1:4242/v1');
});

test('options are neither changed nor read again', () => {
  const webhookSecret = ['whsec_a'];
  const handlers = { concurrency: 2 };
  const given = Object.freeze({ webhookSecret, handlers });
  const settings = resolve(given);
  webhookSecret.push('whsec_b');
  handlers.concurrency = 9;
  expect(settings.secrets).toEqual(['whsec_a']);
  expect(settings.handlers.concurrency).toBe(2);
  expect(given).toEqual({ webhookSecret: ['whsec_a', 'whsec_b'], handlers: { concurrency: 9 } });
});

test.each(['timeoutMs', 'keepDoneMs', 'giveUpAfterMs', 'unhandledAfterMs', 'leaseMs'] as const)(
  '%s for ever is as long as every store and timer can hold',
  (name) => {
    const most = 3_155_760_000_000;
    for (const forEver of [Infinity, Number.MAX_SAFE_INTEGER, Number.MAX_VALUE])
      expect(resolve({ webhookSecret: 'a', handlers: { [name]: forEver } }).handlers[name]).toBe(
        most,
      );
  },
);
