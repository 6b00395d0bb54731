import { expect, test } from 'vitest';
import { resolveOptions, type QBitFlowOptions } from '../src/options.js';

const LIVE_KEY = 'sk_0191f7f0-7a44-7a44-8a44-0191f7f07a44_live_secret';
const TEST_KEY = 'sk_0191f7f0-7a44-7a44-8a44-0191f7f07a44_test_secret';
const SANDBOX = 'http://127.0.0.1:4242/v2';

const modeOf = (options: QBitFlowOptions) =>
  resolveOptions({ webhookSecret: 'whsec_a', ...options }, {}).mode;

test.each<[string, QBitFlowOptions, string]>([
  ['nothing', {}, 'live'],
  ['a live key', { apiKey: LIVE_KEY }, 'live'],
  ['a test key', { apiKey: TEST_KEY }, 'test'],
  ['an old key that says', { apiKey: 'sk_4711_test_secret' }, 'test'],
  ['an old key that does not', { apiKey: 'sk_4711_secret' }, 'live'],
  ['an old key whose secret looks like it', { apiKey: 'sk_4711_secret_test_' }, 'live'],
  ['a key in capitals', { apiKey: TEST_KEY.toUpperCase().replace('SK', 'sk') }, 'test'],
  ['a sandbox', { apiKey: 'sk_sandbox', baseUrl: SANDBOX }, 'both'],
  ['a sandbox without a key', { baseUrl: SANDBOX }, 'both'],
  ['a key that says, before the place', { apiKey: LIVE_KEY, baseUrl: SANDBOX }, 'live'],
  ['the option, before the key', { apiKey: LIVE_KEY, mode: 'test' }, 'test'],
  ['the option, before the place', { baseUrl: SANDBOX, mode: 'live' }, 'live'],
])('%s tells the mode', (_name, options, mode) => {
  expect(modeOf(options)).toBe(mode);
});

test.each([
  'http://localhost:4242/v2',
  'http://LOCALHOST/v1',
  'http://localhost./v1',
  'http://api.localhost/v2',
  'http://127.1/v2',
  'http://0.0.0.0:1/v2',
  'http://[::1]:4242/v2',
  'http://[::ffff:127.0.0.1]/v2',
])('%s is this machine', (baseUrl) => {
  expect(modeOf({ baseUrl })).toBe('both');
});

test.each([
  'https://localhost.example/v2',
  'https://127.0.0.1.example/v2',
  'https://notlocalhost/v2',
  'https://10.0.0.1/v2',
  'http://[::2]/v2',
])('%s is another machine', (baseUrl) => {
  expect(modeOf({ baseUrl })).toBe('live');
});
