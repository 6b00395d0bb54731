import { DURATION_BOUNDS_MS, type ActivitySpan, type TypeActivity } from '../activity.js';
import type { Clock } from '../clock.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** How long each kind of span is, and for how long it is told, in ms. */
export const SPANS = {
  minute: { lengthMs: MINUTE_MS, keptMs: HOUR_MS },
  hour: { lengthMs: HOUR_MS, keptMs: 24 * HOUR_MS },
} as const;

/** Minutes and hours. */
export type SpanKind = keyof typeof SPANS;

/** Types come from the sender: so many are told apart in a span, the others counted as one. */
const MOST_TYPES = 64;
const OTHERS = 'other';

/** What was done of one type within a span. */
export class TypeCounts implements TypeActivity {
  received = 0;
  duplicates = 0;
  done = 0;
  failed = 0;
  dead = 0;
  totalMs = 0;
  readonly durations: number[] = Array.from({ length: DURATION_BOUNDS_MS.length + 1 }, () => 0);

  took(ms: number): void {
    // Whole, as notes tell it, and never less than nothing: a clock may be set back.
    this.totalMs += Math.max(0, Math.round(ms));
    let at = 0;
    while (at < DURATION_BOUNDS_MS.length && ms > (DURATION_BOUNDS_MS[at] ?? 0)) at += 1;
    this.durations[at] = (this.durations[at] ?? 0) + 1;
  }

  add(other: TypeActivity): void {
    this.received += other.received;
    this.duplicates += other.duplicates;
    this.done += other.done;
    this.failed += other.failed;
    this.dead += other.dead;
    this.totalMs += other.totalMs;
    for (const [at, count] of other.durations.entries())
      this.durations[at] = (this.durations[at] ?? 0) + count;
  }
}

/** What was done within one span, by type. */
export class SpanCounts {
  readonly #types = new Map<string, TypeCounts>();
  /** Whether something was counted that is in no note yet. */
  isDirty = false;

  constructor(readonly from: number) {}

  of(type: string): TypeCounts {
    const known = this.#types.get(type);
    if (known !== undefined) return known;
    const name = this.#types.size < MOST_TYPES ? type : OTHERS;
    const counts = this.#types.get(name) ?? new TypeCounts();
    this.#types.set(name, counts);
    return counts;
  }

  add(other: SpanCounts): void {
    for (const [type, counts] of other.types) this.of(type).add(counts);
  }

  get types(): Iterable<readonly [string, TypeActivity]> {
    return this.#types;
  }

  /** A copy: what is counted later does not change it. */
  view(): ActivitySpan {
    const types = [...this.#types].map(([type, { durations, ...counts }]) => [
      type,
      { ...counts, durations: [...durations] },
    ]);
    return { from: this.from, types: Object.fromEntries(types) };
  }
}

/** How an attempt ended: `putOff` asked for more time and is no failure. */
export type AttemptEnding = 'done' | 'failed' | 'dead' | 'putOff';

/** The spans of one kind, the present one last. */
class Series {
  #spans: SpanCounts[] = [];

  constructor(readonly kind: SpanKind) {}

  /** The span that counts now. A clock that was set back goes on in it. */
  present(now: number): SpanCounts {
    const { lengthMs } = SPANS[this.kind];
    const last = this.#spans.at(-1);
    if (last !== undefined && now - last.from < lengthMs) return last;
    const next = new SpanCounts(now - (now % lengthMs));
    this.#spans = [...this.told(now), next];
    return next;
  }

  /** Those that are not too old to be told. */
  told(now: number): readonly SpanCounts[] {
    return this.#spans.filter(({ from }) => from > now - SPANS[this.kind].keptMs);
  }
}

/**
 * What this process did in the last hour and day. It is called for every delivery, and does no more than to look up a
 * type and to add: nothing is written here.
 */
export class ActivityCounts {
  readonly #clock: Clock;
  readonly #minutes = new Series('minute');
  readonly #hours = new Series('hour');

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `at`: when it came, in ms since 1970; asking a clock takes as long as all the rest. */
  received(type: string, isDuplicate: boolean, at: number): void {
    this.#count(type, at, (counts) => {
      counts.received += 1;
      if (isDuplicate) counts.duplicates += 1;
    });
  }

  /** How its handlers ended, how long they took and when they began. */
  attempted(
    type: string,
    ending: AttemptEnding,
    { startedAt, durationMs }: { readonly startedAt: number; readonly durationMs: number },
  ): void {
    this.#count(type, startedAt + durationMs, (counts) => {
      counts.took(durationMs);
      if (ending === 'done') counts.done += 1;
      if (ending === 'failed' || ending === 'dead') counts.failed += 1;
      if (ending === 'dead') counts.dead += 1;
    });
  }

  /** Given up without an attempt. */
  died(type: string): void {
    this.#count(type, this.#clock.now(), (counts) => {
      counts.dead += 1;
    });
  }

  /** The spans of a kind, oldest first. */
  told(kind: SpanKind): readonly SpanCounts[] {
    return (kind === 'minute' ? this.#minutes : this.#hours).told(this.#clock.now());
  }

  #count(type: string, now: number, add: (counts: TypeCounts) => void): void {
    for (const series of [this.#minutes, this.#hours]) {
      const span = series.present(now);
      span.isDirty = true;
      add(span.of(type));
    }
  }
}
