// Between the kit's deliveries and the table's rows.

/** This machine's time, in ms. Several machines on one table need theirs in step, as NTP keeps them. */
export const now = () => Date.now();

/** States that an operator sees; beside them are `key`, what is left of a pruned row, and `store`, the table's own row. */
export const STATES = ['due', 'running', 'done', 'dead'];

const NO_BYTES = new Uint8Array(0);

/** A fresh row: due at once, or dead or done on arrival. */
export function rowOf({ event: _event, dead, unhandled, headers, ...facts }) {
  const time = now();
  const reason = dead ?? unhandled;
  return {
    ...facts,
    headers: JSON.stringify(headers),
    state: dead !== undefined ? 'dead' : unhandled !== undefined ? 'done' : 'due',
    at: time,
    notBefore: 0,
    recordedAt: time,
    dueSince: time,
    token: '',
    revision: 0,
    started: 0,
    startedBefore: 0,
    finished: 0,
    unfinished: false,
    unhandled: unhandled !== undefined,
    succeeded: '[]',
    lastError: reason === undefined ? null : storable(reason),
  };
}

/** What a replay changes: due at once, and of a done one all handlers run again. */
export const anew = ({ state, succeeded }) => ({
  state: 'due',
  at: now(),
  notBefore: 0,
  dueSince: now(),
  started: 0,
  startedBefore: 0,
  finished: 0,
  unfinished: false,
  unhandled: false,
  succeeded: JSON.stringify(state === 'done' ? [] : succeeded),
});

/** What a row becomes when it is pruned or discarded: its key, known for as long as keys are kept. */
export const keyAlone = (at) => ({
  state: 'key',
  at,
  subject: '',
  id: '',
  type: '',
  raw: NO_BYTES,
  headers: '{}',
  webhook: null,
  token: '',
  succeeded: '[]',
  unhandled: false,
  lastError: null,
});

/** The row that knows since when the table knows every key. */
export const storeRow = () => ({ key: '', state: 'store', at: now(), revision: 0 });

/** A webhook that came after a look (a page, `recover()`), as its row keeps it. */
export const laterOf = ({ id, version, raw, headers, receivedAt }) =>
  JSON.stringify({ id, version, headers, receivedAt, raw: Buffer.from(raw).toString('base64') });

const readLater = (webhook) => ({ ...webhook, raw: Buffer.from(webhook.raw, 'base64') });

const factsOf = (row) => {
  const { key, subject, id, type, version, source, raw, headers, receivedAt } = row;
  return { key, subject, id, type, version, source, raw, headers, receivedAt };
};

/** A row as an operator sees it. */
export function storedOf(row) {
  const { state, at, recordedAt, started, finished, succeeded, lastError, unhandled, webhook } =
    row;
  return {
    ...factsOf(row),
    state,
    at,
    recordedAt,
    started,
    finished,
    succeeded,
    ...(lastError === null ? {} : { lastError }),
    ...(unhandled ? { unhandled } : {}),
    ...(webhook === null ? {} : { webhook: readLater(webhook) }),
  };
}

/** A row as an operator sees it in a list: without its bodies. */
export function listedOf(row) {
  const { webhook, ...stored } = storedOf(row);
  const later = webhook === undefined ? {} : { webhook: { ...webhook, raw: NO_BYTES } };
  return { ...stored, raw: NO_BYTES, ...later };
}

/** A row as its taker sees it: with the webhook's body where one came later. */
export function takenOf(row, lapsed) {
  const { token, started, finished, succeeded, dueSince, webhook } = row;
  const later = webhook === null ? {} : readLater(webhook);
  return { ...factsOf(row), ...later, token, started, finished, succeeded, dueSince, lapsed };
}

/** The names of a row and more, each once, as JSON. */
export const addNames = (row, names) => JSON.stringify([...new Set([...row.succeeded, ...names])]);

/** PostgreSQL's text has no U+0000, and a reason with one must not stop a delivery. */
export const storable = (text) => text.replaceAll('\u0000', '\ufffd');

/** The kit's type filter as a condition. */
export const typeIs = (types = { except: [] }) =>
  'only' in types ? { oneOf: types.only } : { noneOf: types.except };
