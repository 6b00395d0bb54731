import {
  DELIVERY_STATES,
  MOST_SEARCHED,
  type PageRequest,
  type ReadFilter,
} from '@qbitflow/core/store';
import { storedColumns } from './codec.js';
import type { Value } from './database.js';
import { KEYED_OTHERWISE, NEWEST, type Names } from './schema.js';

/** What a page is asked with. */
interface PageQuery {
  readonly text: string;
  readonly values: readonly Value[];
}

type Bind = (value: Value) => string;

/** A condition on rows, given what they are ordered by. */
type Bound = (order: string) => string;

/** Which rows a page may be of: CTEs to look places up in, and where between them it is. */
interface Bounds {
  readonly ctes: readonly string[];
  readonly conditions: readonly Bound[];
}

/**
 * The SQL of one page, newest first. Only what is asked for stands in it, so that each combination finds its index.
 * Numbers come first and rows by their numbers, so that no more rows are read than are shown. Where errors are searched,
 * each row has in `edge` the number of the last that was looked at, if more is to be looked at below; a page without
 * rows is then one row without `seq`.
 */
export function pageSql(names: Names, filter: ReadFilter, request: PageRequest): PageQuery {
  const values: Value[] = [];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const asked = { filter, bind, bounds: boundsOf(names, bind, filter, request.below) };
  const most = bind(request.limit + 1);
  const columns = `seq, ${storedColumns(names, { raw: "''::bytea", attempts: 'NULL' })}`;
  const rowsOf = (numbers: string): string =>
    `SELECT ${columns} FROM ${names.deliveries} d WHERE seq IN (${numbers})`;
  const text =
    filter.error === undefined
      ? `${rowsOf(newest(names, asked, most))} ORDER BY seq DESC`
      : searchSql(rowsOf, search(names, { ...asked, error: filter.error }), most);
  return { text, values };
}

interface Asked {
  readonly filter: ReadFilter;
  readonly bind: Bind;
  readonly bounds: Bounds;
}

function boundsOf(
  names: Names,
  bind: Bind,
  { recordedFrom, recordedUntil }: ReadFilter,
  below: string | undefined,
): Bounds {
  const ctes: string[] = [];
  const conditions: Bound[] = [];
  if (below !== undefined) {
    const number = `${bind(below)}::bigint`;
    conditions.push((order) => `${order} < ${number}`);
  }
  if (recordedUntil !== undefined) {
    const time = timeOf(bind(recordedUntil));
    ctes.push(placeOf(names, 'until_place', `${time} + ${DISORDER}`));
    conditions.push((order) => `${order} <= (SELECT max(low) FROM until_place)`);
    conditions.push(() => `recorded_at + interval '0' < ${time}`);
  }
  if (recordedFrom !== undefined) {
    const time = timeOf(bind(recordedFrom));
    ctes.push(placeOf(names, 'from_place', `${time} - ${DISORDER}`));
    conditions.push((order) => `${order} > (SELECT max(low) FROM from_place)`);
    conditions.push(() => `recorded_at + interval '0' >= ${time}`);
  }
  return { ctes, conditions };
}

const timeOf = (parameter: string): string => `to_timestamp(${parameter}::float8 / 1000)`;

/** Numbers are given out in the order of recording, but for statements that ran at once and a clock that is set a little. */
const DISORDER = "interval '1 second'";

/**
 * A CTE whose largest `low` is the number of the last delivery recorded before a time: halving what lies between finds it
 * by looking at some twenty rows. An index by time would cost every delivery two entries.
 */
function placeOf({ deliveries }: Names, name: string, time: string): string {
  return `${name} (low, high) AS (
    SELECT coalesce(min(seq), 1) - 1, coalesce(max(seq), 0) FROM ${deliveries}
    UNION ALL
    SELECT CASE WHEN probe.recorded_at >= ${time} THEN low ELSE middle END,
      CASE WHEN probe.recorded_at >= ${time} THEN probe.seq - 1 ELSE high END
    FROM ${name} CROSS JOIN LATERAL (SELECT (low + high + 1) / 2 AS middle) half LEFT JOIN LATERAL (
      SELECT d.seq, d.recorded_at FROM ${deliveries} d WHERE d.seq > low AND d.seq <= middle ORDER BY d.seq DESC LIMIT 1
    ) probe ON true
    WHERE low < high
  )`;
}

const withCtes = (ctes: readonly string[]): string =>
  ctes.length === 0 ? '' : `WITH RECURSIVE ${ctes.join(', ')} `;

const whereAll = (conditions: readonly string[]): string =>
  conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;

const at = (bounds: Bounds, order: string): string[] =>
  bounds.conditions.map((condition) => condition(order));

/**
 * The few that a reference, a subject or the lack of a handler names, as conditions on each part of them. Those of a
 * subject are found by the key where that is made of type and subject, as most are, and the others by their index.
 */
function narrow({ tally }: Names, { filter, bind }: Asked): readonly (readonly string[])[] {
  const { subject, reference, unhandled } = filter;
  const done = unhandled === true ? ['unhandled'] : [];
  const subjectIs = subject === undefined ? undefined : bind(subject);
  const ofSubject = subjectIs === undefined ? [] : [`subject = ${subjectIs}`];
  if (reference !== undefined) return [[`reference = ${bind(reference)}`, ...ofSubject, ...done]];
  if (subjectIs === undefined) return done.length > 0 ? [done] : [];
  const keys = `SELECT type || ':' || ${subjectIs}::text FROM ${tally}`;
  return [
    [KEYED_OTHERWISE, ...ofSubject, ...done],
    [`key = ANY (ARRAY(${keys}))`, `NOT (${KEYED_OTHERWISE})`, ...ofSubject, ...done],
  ];
}

/** The newest of several parts, each read along its own index: merged by their numbers, and no further than is asked for. */
function merged(
  { deliveries }: Names,
  parts: readonly (readonly string[])[],
  { columns, most }: { readonly columns: string; readonly most: string },
): string {
  const each = parts.map(
    (conditions) =>
      `(SELECT ${columns} FROM ${deliveries} d ${whereAll(conditions)} ORDER BY seq DESC LIMIT ${most})`,
  );
  return `SELECT * FROM (${each.join(' UNION ALL ')}) merged ORDER BY seq DESC`;
}

function stateAndType({ state, type }: ReadFilter, bind: Bind): string[] {
  const conditions: string[] = [];
  if (state !== undefined) conditions.push(`state = ${bind(state)}`);
  if (type !== undefined) conditions.push(`type = ${bind(type)}`);
  return conditions;
}

/** Numbers of the newest that fit. */
function newest(names: Names, asked: Asked, limit: string): string {
  const { filter, bind, bounds } = asked;
  const { state, type } = filter;
  const few = narrow(names, asked);
  const most = `${limit}::bigint`;
  if (few.length > 0 || (state === undefined && type === undefined)) {
    const others = [...stateAndType(filter, bind), ...at(bounds, 'seq')];
    const parts = (few.length > 0 ? few : [[]]).map((part) => [...part, ...others]);
    return `${withCtes(bounds.ctes)}${merged(names, parts, { columns: 'seq', most })} LIMIT ${most}`;
  }
  const there = kindsThere(
    names.deliveries,
    state === undefined ? undefined : bind(state),
    type === undefined ? undefined : bind(type),
  );
  const ofKind = ['d.state = there.state', 'd.type = there.type', ...at(bounds, NEWEST)];
  return `${withCtes([...bounds.ctes, there])}SELECT page.seq FROM there CROSS JOIN LATERAL (
      SELECT seq FROM ${names.deliveries} d ${whereAll(ofKind)} ORDER BY ${NEWEST} DESC LIMIT ${most}
    ) page ORDER BY 1 DESC LIMIT ${most}`;
}

/** A CTE of states and types to look in; a state's types are stepped along their index, however many there are of each. */
function kindsThere(deliveries: string, state?: string, type?: string): string {
  if (type !== undefined) {
    const states = state ?? `unnest('{${DELIVERY_STATES.join()}}'::text[])`;
    return `there (state, type) AS (SELECT ${states}::text, ${type}::text)`;
  }
  const next = (after: string): string =>
    `SELECT d.state, d.type FROM ${deliveries} d WHERE d.state = ${state} ${after} ORDER BY d.type LIMIT 1`;
  return `there AS ((${next('')}) UNION ALL
    SELECT next.* FROM there CROSS JOIN LATERAL (${next('AND d.type > there.type')}) next)`;
}

/** What is looked through, newest first, and what of it is meant. */
interface Search {
  readonly ctes: readonly string[];
  readonly looked: string;
  readonly meant: string;
}

/** What was looked at and is not meant counts too: so a page takes no longer where nothing fits. */
function search(names: Names, asked: Asked & { readonly error: string }): Search {
  const { filter, bind, bounds, error } = asked;
  const { state } = filter;
  const few = narrow(names, asked);
  const states = state === undefined ? DELIVERY_STATES : [state];
  const failed = states.map((each) => [`state = ${literal(each)}`, 'last_error IS NOT NULL']);
  const parts = (few.length > 0 ? few : failed).map((part) => [...part, ...at(bounds, 'seq')]);
  const columns = 'seq, state, type, last_error';
  const contains = `strpos(lower(last_error COLLATE "C"), ${bind(lowerAscii(error))}::text) > 0`;
  return {
    ctes: bounds.ctes,
    looked: merged(names, parts, { columns, most: `${MOST_SEARCHED}` }),
    meant: [...stateAndType(filter, bind), contains].join(' AND '),
  };
}

/** Written out, so that the plan knows which part of the index it is; whatever else is asked for finds nothing. */
function literal(state: string): string {
  return `'${DELIVERY_STATES.find((known) => known === state) ?? ''}'`;
}

const lowerAscii = (text: string): string =>
  text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());

/** Looks no further than a page needs, and for the edge only where it found too little for one. */
function searchSql(
  rowsOf: (numbers: string) => string,
  { ctes, looked, meant }: Search,
  most: string,
): string {
  const found = `found AS MATERIALIZED (
    SELECT seq FROM (${looked} LIMIT ${MOST_SEARCHED}) looked WHERE ${meant} ORDER BY seq DESC LIMIT ${most}::bigint
  )`;
  const edge = `CASE WHEN (SELECT count(*) FROM found) < ${most}::bigint
    THEN (SELECT seq FROM (${looked} OFFSET ${MOST_SEARCHED - 1} LIMIT 1) last) END`;
  return `${withCtes([...ctes, found])}SELECT edge.edge, page.* FROM (SELECT ${edge} AS edge) edge
  LEFT JOIN (${rowsOf('SELECT seq FROM found')}) page ON true ORDER BY page.seq DESC`;
}
