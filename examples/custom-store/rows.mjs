// Between the kit's deliveries and the table's rows.

/** This machine's time, in ms. Several machines on one table need theirs in step, as NTP keeps them. */
export const now = () => Date.now();

/** A fresh row: due at once, or dead on arrival. */
export function rowOf({ event: _event, dead, headers, ...facts }) {
  const time = now();
  return {
    ...facts,
    headers: JSON.stringify(headers),
    state: dead === undefined ? 'due' : 'dead',
    at: time,
    recordedAt: time,
    token: '',
    revision: 0,
    started: 0,
    startsCounted: 0,
    finished: 0,
    succeeded: '[]',
    lastError: dead === undefined ? null : storable(dead),
  };
}

/** A row as an operator sees it. */
export function storedOf({ seq: _seq, token: _token, revision: _revision, ...row }) {
  const { startsCounted: _startsCounted, lastError, ...facts } = row;
  return lastError === null ? facts : { ...facts, lastError };
}

/** A row as an operator sees it in a list: without its body. */
export const listedOf = (row) => ({ ...storedOf(row), raw: new Uint8Array(0) });

/** A row as its taker sees it. */
export function takenOf(row, lapsed) {
  const { key, subject, id, type, version, source, raw, headers, receivedAt } = row;
  const { token, started, finished, succeeded } = row;
  const delivery = { key, subject, id, type, version, source, raw, headers, receivedAt };
  return { ...delivery, token, started, finished, succeeded, lapsed };
}

/** The names of a row and more, each once, as JSON. */
export const addNames = (row, names) => JSON.stringify([...new Set([...row.succeeded, ...names])]);

/** PostgreSQL's text has no U+0000, and a reason with one must not stop a delivery. */
export const storable = (text) => text.replaceAll('\u0000', '\ufffd');
