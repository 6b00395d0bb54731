import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { validateQuery } from '../../src/return-page/return-query.js';

const names = { uuid: ['uuid', 'session'], type: ['type', 'transactionType'] };
const read = (query: string) => validateQuery(`/success${query}`, names);

const BARE = '01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f';
const OTHER = 'pay@01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e60';
const ID = `pay@${BARE}`;
const E = encodeURIComponent(ID);

describe('a link that came back broken is the link it was', () => {
  test.each([
    ['a second question mark', `?uuid=${E}?utm_source=mail`],
    ['a question mark too many', `??uuid=${E}`],
    ['one after the type', `?uuid=${E}&type=payment?utm_source=mail`],
    ['the same id again', `?uuid=${E}&type=payment&uuid=${E}`],
    ['the same id in another spelling', `?uuid=${BARE}&uuid=${E}`],
    ['the same id under both names', `?uuid=${E}&session=${E}`],
    ['an empty id before it', `?uuid=&session=${E}`],
    ['HTML in place of &', `?x=1&amp;uuid=${E}&amp;type=payment`],
    ['HTML escaped twice', `?x=1&amp;amp;uuid=${E}`],
    ['HTML by number', `?x=1&#38;uuid=${E}`.replace('#', '%23')],
    ['semicolons', `?type=payment;uuid=${E}`],
    ['a dot', `?uuid=${E}.`],
    ['a comma', `?uuid=${E},`],
    ['a parenthesis', `?uuid=${E})`],
    ['a slash', `?uuid=${E}/`],
    ['a space', `?uuid=${E}%20`],
    ['a plus', `?uuid=+${E}`],
    ['quotes', `?uuid=%22${E}%22`],
    ['angle brackets', `?uuid=%3C${E}%3E`],
    ['a Markdown link', `?uuid=${E}](https://shop.test`],
    ['a zero-width space', `?uuid=${E}%E2%80%8B`],
    ['one in the middle', `?uuid=pay%40%E2%80%8B${BARE}`],
    ['a byte order mark before the name', `?%EF%BB%BFuuid=${E}`],
    ['one more encoding', `?uuid=${encodeURIComponent(E)}&type=payment`],
    ['two more encodings', `?uuid=${encodeURIComponent(encodeURIComponent(E))}`],
    ['an encoding of it all', `?${encodeURIComponent(`uuid=${E}&type=payment`)}`],
    ['an encoded &', `?uuid=${E}%26type%3Dpayment`],
    ['a quoted-printable =', `?uuid=3D${E}`],
    ['another case of the name', `?Uuid=${E}&TYPE=payment`],
    ['capitals', `?uuid=${E}&type=payment`.toUpperCase()],
    ['a fragment in the query', `?uuid=${E}%23/thanks`],
  ])('with %s', (_what, query) => {
    expect(read(query)).toMatchObject({ ok: true, reference: { uuid: ID } });
  });

  test.each([
    ['behind HTML', `?uuid=${BARE}&amp;type=createSubscription`],
    ['with a tail', `?uuid=${BARE}&type=createSubscription?utm_source=mail`],
    ['in capitals', `?UUID=${BARE}&TYPE=CREATESUBSCRIPTION`],
    ['under its old name', `?uuid=${BARE};type=subscription`],
    ['twice', `?uuid=${BARE}&type=createSubscription&type=createSubscription.`],
  ])('the type of an old link is found %s', (_how, query) => {
    const reference = { uuid: BARE, type: 'createSubscription' };
    expect(read(query)).toEqual({ ok: true, reference });
  });
});

describe('what could mean two things is refused', () => {
  test.each([
    [`?uuid=${E}&uuid=${encodeURIComponent(OTHER)}`, 'repeated'],
    [`?x=1&amp;uuid=${E}&amp;uuid=${encodeURIComponent(OTHER)}`, 'repeated'],
    [`?uuid=${E}?uuid=${encodeURIComponent(OTHER)}`, 'repeated'],
    [`?UUID=${E}&Uuid=${encodeURIComponent(OTHER)}`, 'repeated'],
    [`?uuid=${E}&uuid=sub%40${BARE}`, 'repeated'],
    [`?uuid=${BARE}&uuid=${E}&uuid=sub%40${BARE}`, 'repeated'],
    [`?uuid=${E}&type=payment&type=createSubscription`, 'repeated'],
    [`?${`uuid=${E}&`.repeat(9)}`, 'repeated'],
    [`?uuid=${E}%20${encodeURIComponent(OTHER)}`, 'malformed'],
    [`?uuid=${E}%00`, 'malformed'],
    [`?uuid=%1b[2J${E}`, 'malformed'],
    ['?uuid={{UUID}}.', 'unfilled'],
    [`?next=${E}`, 'missing'],
    [`?uuids=${E}`, 'missing'],
  ])('%s: %s', (query, problem) => {
    expect(read(query)).toEqual({ ok: false, problem });
  });

  test.each([
    'pay@a.b',
    'pay@a_b',
    `sub-hist@${BARE}`,
    `gift-pay@${BARE}`,
    `${BARE}:2`,
    '3D',
    'A.',
  ])('an id of another shape is not cut to fit: %s', (uuid) => {
    expect(read(`?uuid=${encodeURIComponent(uuid)}`)).toEqual({ ok: true, reference: { uuid } });
  });
});

const ids = fc
  .tuple(fc.constantFrom('pay@', 'sub@', ''), fc.uuid())
  .map(([prefix, uuid]) => prefix + uuid);

/** What may become of a link on its way, each by itself harmless. */
const mishaps: readonly ((query: string) => string)[] = [
  (query) => query.replaceAll('&', '&amp;'),
  (query) => query.replaceAll('&', ';'),
  (query) => query.replaceAll('&', '?'),
  (query) => `?${query}`,
  (query) => `${query}&utm_source=mail`,
  (query) => `${query}?fbclid=x`,
  (query) => `fbclid=x&${query}`,
  (query) => `${query}&${query}`,
  (query) => query.replaceAll('%', '%25'),
  (query) => query.replace('uuid=', 'uuid=%22').replace(/&|$/, '%22$&'),
  (query) => query.replace(/&|$/, '.$&'),
  (query) => query.replace(/&|$/, '%E2%80%8B$&'),
  (query) => query.replace('uuid=', 'UUID='),
];

const toLink = (sent: string, happened: readonly ((query: string) => string)[]): string =>
  `?${happened.reduce((text, happen) => happen(text), sent)}`;

test('whatever one mishap a link meets, it names the payment it named', () => {
  const property = fc.property(ids, fc.constantFrom(...mishaps), (uuid, happened) => {
    const sent = `uuid=${encodeURIComponent(uuid)}&type=payment`;
    expect(read(toLink(sent, [happened]))).toMatchObject({ ok: true, reference: { uuid } });
  });
  expect(() => fc.assert(property, { numRuns: 1_000 })).not.toThrow();
});

test('whatever it meets, it never names another', () => {
  const property = fc.property(
    ids,
    fc.array(fc.constantFrom(...mishaps), { maxLength: 3 }),
    (uuid, happened) => {
      const found = read(toLink(`uuid=${encodeURIComponent(uuid)}&type=payment`, happened));
      return !found.ok || found.reference.uuid === uuid;
    },
  );
  expect(() => fc.assert(property, { numRuns: 2_000 })).not.toThrow();
});

test('of two different ids in one link none is guessed', () => {
  // A name in another case is no name where there is one as it should be.
  const others = mishaps.filter((happen) => happen('uuid=') !== 'UUID=');
  const property = fc.property(
    fc.uniqueArray(fc.uuid(), { minLength: 2, maxLength: 2 }),
    fc.array(fc.constantFrom(...others), { maxLength: 2 }),
    (uuids, happened) =>
      !read(toLink(uuids.map((id) => `uuid=pay%40${id}`).join('&'), happened)).ok,
  );
  expect(() => fc.assert(property, { numRuns: 2_000 })).not.toThrow();
});

test('any text at all is answered', () => {
  const property = fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
    const found = read(`?uuid=${text}`);
    return found.ok || ['missing', 'repeated', 'unfilled', 'malformed'].includes(found.problem);
  });
  expect(() => fc.assert(property)).not.toThrow();
  for (const hostile of ['pay@', '&amp;', '3D', 'pay@a-', '%25', '.'])
    expect(read(`?uuid=${hostile.repeat(16_000 / hostile.length)}`).ok).toBe(false);
});
