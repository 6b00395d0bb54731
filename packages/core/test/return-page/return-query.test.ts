import { expect, test } from 'vitest';
import { validateQuery } from '../../src/return-page/return-query.js';

const names = { uuid: ['uuid', 'session'], type: ['type', 'transactionType'] };

test.each([
  ['/r?uuid=pay@1', { uuid: 'pay@1' }],
  ['/r?uuid=pay%401', { uuid: 'pay@1' }],
  ['/r?session=01a0c0c7-5a6b', { uuid: '01a0c0c7-5a6b' }],
  ['/r?session=other&uuid=pay@1', { uuid: 'pay@1' }],
  ['https://shop.test/r?uuid=pay@1#?uuid=pay@2', { uuid: 'pay@1' }],
  ['/r?uuid=1&type=payment', { uuid: '1', type: 'payment' }],
  ['/r?uuid=1&transactionType=subscription', { uuid: '1', type: 'createSubscription' }],
  ['/r?uuid=sub@1&type=payAsYouGo', { uuid: 'sub@1', type: 'createPAYGSubscription' }],
  ['/r?uuid=1&type={{TRANSACTION_TYPE}}', { uuid: '1' }],
  ['/r?uuid=1&type=', { uuid: '1', type: 'payment' }],
])('%s names %j', (url, reference) => {
  expect(validateQuery(url, names)).toEqual({ ok: true, reference });
});

test.each([
  ['/r?uuid=pay@1&type=createSubscription', { uuid: 'pay@1' }],
  ['/r?uuid=sub@1&type=payment', { uuid: 'sub@1' }],
  ['/r?uuid=sub@1&type=cancelSubscription', { uuid: 'sub@1' }],
  ['/r?uuid=1&type=faucet', { uuid: '1' }],
])('%s does not let the query change the question', (url, reference) => {
  expect(validateQuery(url, names)).toEqual({ ok: true, reference });
});

test.each([
  ['/r', 'missing'],
  ['/r?', 'missing'],
  ['/r?uuid=', 'missing'],
  ['/r?id=pay@1', 'missing'],
  ['/r?uuid=pay@1&uuid=pay@2', 'repeated'],
  ['/r?uuid=pay@1&type=a&type=b', 'repeated'],
  ['/r?uuid={{UUID}}', 'unfilled'],
  ['/r?uuid=pay+1', 'malformed'],
  ['/r?uuid=-1', 'malformed'],
  ['/r?uuid=..', 'malformed'],
  ['/r?uuid=a/b', 'malformed'],
  ['/r?uuid=a%00', 'malformed'],
  ['/r?uuid=a%0d%0a', 'malformed'],
  ['/r?uuid=%zz', 'malformed'],
  ['/r?uuid=%ff', 'malformed'],
  ['/r?uuid=pay%EF%BC%A01', 'malformed'],
  [`/r?uuid=${'a'.repeat(129)}`, 'malformed'],
])('%s is refused: %s', (url, problem) => {
  expect(validateQuery(url, names)).toEqual({ ok: false, problem });
});
