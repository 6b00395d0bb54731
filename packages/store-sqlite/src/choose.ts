import type { TakeOptions } from '@qbitflow/core';
import type { Connection } from './connection.js';
import { headsOf, LANES, type Head } from './heads.js';
import { countOf } from './numbers.js';
import { typesInLine } from './types-in-line.js';

/** Most heads of one type that are looked at where a first look at a few found too little. */
const LOOK_FURTHER = 500;

const MOVE_BEHIND =
  'UPDATE {deliveries} SET head = 0 WHERE seq IN (SELECT value FROM json_each(?))';

/** Numbers of what to take; `more`: where there are none, another look may find some. */
export interface Choice {
  readonly chosen: readonly number[];
  readonly more: boolean;
}

interface Bounds {
  readonly limit: number;
  readonly lapsedLimit: number;
  readonly except: ReadonlySet<string>;
}

/** Chooses the oldest heads of the wanted types, one a subject, of no excluded subject. */
export function choose(db: Connection, options: TakeOptions): Choice {
  const { limit } = options;
  const lapsedLimit = Math.min(limit, countOf('lapsedLimit', options.lapsedLimit ?? limit));
  const bounds = { limit, lapsedLimit, except: new Set(options.exceptSubjects) };
  const lanes = lapsedLimit > 0 ? [LANES.fresh, LANES.lapsed] : [LANES.fresh];
  const found: Head[] = [];
  let more = false;
  for (const type of typesInLine(db, options.types))
    for (const lane of lanes) {
      const look = lookAt(db, [type, lane], bounds);
      found.push(...look.found);
      more ||= look.more;
    }
  return { chosen: oneASubject(found.toSorted(byAge), bounds), more };
}

/** The heads of one type and lane that may be taken. Later ones of a subject are moved behind its first. */
function lookAt(
  db: Connection,
  line: readonly [type: string, lane: number],
  { limit, except }: Bounds,
): { readonly found: readonly Head[]; readonly more: boolean } {
  const few = limit + except.size + 1;
  let depth = few;
  for (;;) {
    const heads = headsOf(db, line, depth);
    const { firsts, others } = bySubject(heads);
    const found = firsts.filter(({ subject }) => !except.has(subject));
    const more = heads.length === depth;
    if (more && found.length < limit && depth === few) {
      depth = few + LOOK_FURTHER;
      continue;
    }
    if (others.length > 0) db.run(MOVE_BEHIND, [JSON.stringify(others)]);
    return { found: found.slice(0, limit), more };
  }
}

function bySubject(heads: readonly Head[]): {
  readonly firsts: readonly Head[];
  readonly others: readonly number[];
} {
  const firsts = new Map<string, Head>();
  const others: number[] = [];
  for (const head of heads)
    if (firsts.has(head.subject)) others.push(head.seq);
    else firsts.set(head.subject, head);
  return { firsts: [...firsts.values()], others };
}

function byAge(one: Head, other: Head): number {
  return one.at - other.at || one.seq - other.seq;
}

function oneASubject(heads: readonly Head[], { limit, lapsedLimit }: Bounds): readonly number[] {
  const subjects = new Set<string>();
  const chosen: number[] = [];
  let lapsed = 0;
  for (const { seq, subject, lane } of heads) {
    const isLapsed = lane === LANES.lapsed;
    if (subjects.has(subject) || (isLapsed && lapsed >= lapsedLimit)) continue;
    if (isLapsed) lapsed += 1;
    subjects.add(subject);
    chosen.push(seq);
    if (chosen.length === limit) break;
  }
  return chosen;
}
