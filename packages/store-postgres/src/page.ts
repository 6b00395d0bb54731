import { DELIVERY_STATES, type PageRequest, type ReadFilter } from '@qbitflow/core/store';
import { storedColumns } from './codec.js';
import type { Value } from './database.js';
import { KEYED_OTHERWISE, NEWEST, type Names } from './schema.js';

/** What is asked for a page. */
export interface Query {
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
 * The numbers of one page's rows, newest first, one more than it shows where there are as many. Only what is asked for
 * stands in it, so that each combination finds its index.
 */
export function numbersSql(names: Names, filter: ReadFilter, { below, limit }: PageRequest): Query {
  const values: Value[] = [];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const asked = { filter, bind, bounds: boundsOf(names, bind, filter, below) };
  return { text: newest(names, asked, bind(limit + 1)), values };
}

/** How many rows one step of a search looks at. */
export const LOOKED_AT_ONCE = 1_000;

/**
 * One step of a search: the numbers of what is meant (`found`, a JSON list), how many rows were looked at (`looked`) and
 * the number of the last (`last`). What was looked at and is not meant counts too: so it takes no longer where nothing
 * fits.
 */
export function searchSql(
  names: Names,
  { error, ...filter }: ReadFilter & { readonly error: string },
  below: string | undefined,
): Query {
  const values: Value[] = [];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const bounds = boundsOf(names, bind, filter, below);
  const few = narrow(names, { filter, bind, bounds });
  const { state } = filter;
  const states = state === undefined ? DELIVERY_STATES : [state];
  const failed = states.map((each) => [`state = ${literal(each)}`, 'last_error IS NOT NULL']);
  const order = few.length > 0 ? orderOf(filter) : NEWEST;
  const parts = (few.length > 0 ? few : failed).map((part) => [...part, ...at(bounds, order)]);
  const most = String(LOOKED_AT_ONCE);
  const looked = merged(names, parts, { columns: ', state, type, last_error', order, most });
  const contains = `strpos(lower(last_error COLLATE "C"), ${bind(lowerAscii(error))}::text) > 0`;
  const meant = [...stateAndType(filter, bind), contains].join(' AND ');
  const text = `${withCtes(bounds.ctes)}SELECT count(*) AS looked, min(seq) AS last,
  json_agg(seq::text ORDER BY seq DESC) FILTER (WHERE ${meant}) AS found FROM (${looked} LIMIT ${most}) looked`;
  return { text, values };
}

/** The rows of some numbers, newest first, as a SELECT whose last part is theirs. */
export function rowsSql(names: Names, numbers: string): string {
  const columns = `seq, ${storedColumns(names, { raw: "''::bytea", attempts: 'NULL' })}`;
  return `SELECT ${columns} FROM ${names.deliveries} d WHERE seq IN (${numbers}) ORDER BY seq DESC`;
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

/** By an expression that no other index has: a planner that thinks them common would walk all deliveries in order. */
function orderOf({ subject, reference }: ReadFilter): string {
  return subject === undefined && reference === undefined ? 'seq' : NEWEST;
}

/** The newest of several parts, each read along its own index: merged by their numbers, and no further than is asked for. */
function merged(
  { deliveries }: Names,
  parts: readonly (readonly string[])[],
  {
    columns,
    order,
    most,
  }: { readonly columns: string; readonly order: string; readonly most: string },
): string {
  const each = parts.map(
    (conditions) =>
      `(SELECT ${order} AS seq${columns} FROM ${deliveries} d ${whereAll(conditions)} ORDER BY ${order} DESC LIMIT ${most})`,
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
    const order = orderOf(filter);
    const others = [...stateAndType(filter, bind), ...at(bounds, order)];
    const parts = (few.length > 0 ? few : [[]]).map((part) => [...part, ...others]);
    return `${withCtes(bounds.ctes)}${merged(names, parts, { columns: '', order, most })} LIMIT ${most}`;
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

/** Written out, so that the plan knows which part of the index it is; whatever else is asked for finds nothing. */
function literal(state: string): string {
  return `'${DELIVERY_STATES.find((known) => known === state) ?? ''}'`;
}

const lowerAscii = (text: string): string =>
  text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
