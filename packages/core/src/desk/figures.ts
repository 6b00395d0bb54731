import {
  DURATION_BOUNDS_MS,
  type Activity,
  type ActivitySpan,
  type TypeActivity,
} from '../activity.js';

/** The time spans a desk draws. */
export type Span = 'hour' | 'day';

/** What one type, or all of them, did in a span of time. */
export interface Figures extends Omit<TypeActivity, 'durations'> {
  /** Handler time in ms that half, and 95 %, of the attempts stayed within; `undefined` without any. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
}

/** One bar of a chart. */
export interface Slot extends Figures {
  readonly from: number;
}

/** What a chart shows: a bar for every minute or hour, those without anything included, the oldest first. */
export interface Series {
  readonly type: string;
  readonly total: Figures;
  readonly slots: readonly Slot[];
}

const SHAPE = {
  hour: { slotMs: 60_000, slots: 60 },
  day: { slotMs: 3_600_000, slots: 24 },
} as const satisfies Record<Span, object>;

const NOTHING: TypeActivity = {
  received: 0,
  duplicates: 0,
  done: 0,
  failed: 0,
  dead: 0,
  totalMs: 0,
  durations: [],
};

/** The name of the series of all types together; no type has it. */
export const ALL_TYPES = '';

/** All types together, then each type, the busiest first. */
export function seriesOf(activity: Activity, span: Span, now: number): readonly Series[] {
  const { slotMs, slots } = SHAPE[span];
  const spans = span === 'hour' ? activity.minutes : activity.hours;
  const last = Math.floor(now / slotMs) * slotMs;
  const froms = Array.from({ length: slots }, (_, index) => last - (slots - 1 - index) * slotMs);
  const byFrom = new Map(spans.map((one) => [Math.floor(one.from / slotMs) * slotMs, one]));
  const shown = froms.flatMap((from) => byFrom.get(from) ?? []);
  const types = [...new Set(shown.flatMap((one) => Object.keys(one.types)))];
  const all = [ALL_TYPES, ...types].map((type) => ({
    type,
    total: figuresOf(shown.map((one) => ofType(one, type))),
    slots: froms.map((from) => ({ from, ...figuresOf([ofType(byFrom.get(from), type)]) })),
  }));
  const [everything, ...each] = all;
  const busiest = each.toSorted((a, b) => weight(b) - weight(a) || (a.type < b.type ? -1 : 1));
  return everything === undefined ? [] : [everything, ...busiest];
}

function weight({ total }: Series): number {
  return total.received + total.done + total.failed;
}

function ofType(span: ActivitySpan | undefined, type: string): TypeActivity {
  if (span === undefined) return NOTHING;
  if (type === ALL_TYPES) return sum(Object.values(span.types));
  return Object.hasOwn(span.types, type) ? (span.types[type] ?? NOTHING) : NOTHING;
}

function figuresOf(parts: readonly TypeActivity[]): Figures {
  const { durations, ...counts } = sum(parts);
  return { ...counts, p50: quantile(durations, 0.5), p95: quantile(durations, 0.95) };
}

/** Counts added up. */
export function sum(parts: readonly TypeActivity[]): TypeActivity {
  return parts.reduce(
    (one, other) => ({
      received: one.received + other.received,
      duplicates: one.duplicates + other.duplicates,
      done: one.done + other.done,
      failed: one.failed + other.failed,
      dead: one.dead + other.dead,
      totalMs: one.totalMs + other.totalMs,
      durations: Array.from(
        { length: Math.max(one.durations.length, other.durations.length) },
        (_, index) => (one.durations[index] ?? 0) + (other.durations[index] ?? 0),
      ),
    }),
    NOTHING,
  );
}

/** Where in its bucket a quantile lies is not known: evenly spread, as Prometheus takes it. What is over the last bound counts as that. */
export function quantile(durations: readonly number[], share: number): number | undefined {
  const total = durations.reduce((one, other) => one + other, 0);
  if (total === 0) return undefined;
  const wanted = share * total;
  let below = 0;
  for (const [index, inBucket] of durations.entries()) {
    const upper = DURATION_BOUNDS_MS[index];
    if (upper === undefined) break;
    const lower = index === 0 ? 0 : (DURATION_BOUNDS_MS[index - 1] ?? 0);
    if (inBucket > 0 && below + inBucket >= wanted)
      return lower + ((upper - lower) * (wanted - below)) / inBucket;
    below += inBucket;
  }
  return DURATION_BOUNDS_MS.at(-1);
}
