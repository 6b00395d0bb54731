import type { Activity, ActivitySpan, ProcessReport, TypeActivity } from '../activity.js';
import type { StoreNote } from '../store/durable-store.js';
import { SpanCounts, type SpanKind, SPANS, TypeCounts } from './counts.js';

/** Whoever has said nothing for so long is gone, in ms. */
export const SEEN_MS = 120_000;

/** Where processes leave what they did. One process's notes never replace another's: `instance` names one kit. */
export const NOTES = {
  process: 'activity/process/',
  minute: 'activity/minute/',
  hour: 'activity/hour/',
} as const;

/** Longer by so much than it is told: clocks differ, and what is told begins in the middle of a span. In ms. */
const SLACK_MS = 600_000;

/** A note as it is put into a store. */
export interface WrittenNote {
  readonly name: string;
  readonly text: string;
  readonly keepMs: number;
}

/** What a process that works with the store says of itself. */
export type Presence = Omit<ProcessReport, 'seenAt'>;

/** The note that says that a process is there. */
export function processNote(instance: string, presence: Presence): WrittenNote {
  const { name, running, concurrency } = presence;
  const text = JSON.stringify({ name, running, concurrency });
  return { name: `${NOTES.process}${instance}`, text, keepMs: SEEN_MS };
}

/** The note of one span. With 64 types of the longest names it has 45 kB. */
export function spanNote(instance: string, kind: SpanKind, span: SpanCounts): WrittenNote {
  const types = [...span.types].map(([type, counts]) => [type, toRow(counts)]);
  return {
    name: `${NOTES[kind]}${instance}/${span.from}`,
    text: JSON.stringify(Object.fromEntries(types)),
    keepMs: SPANS[kind].lengthMs + SPANS[kind].keptMs + SLACK_MS,
  };
}

/** In this order: names would be most of a note. */
function toRow({ durations, ...counts }: TypeActivity): number[] {
  const { received, duplicates, done, failed, dead, totalMs } = counts;
  return [received, duplicates, done, failed, dead, totalMs, ...durations];
}

/** What the notes of a store and the counts of this process say together. */
export interface ActivitySources {
  readonly now: number;
  /** This process's own, which its notes are behind of. */
  readonly instance: string;
  readonly presence: Presence | undefined;
  readonly counts: Readonly<Record<SpanKind, readonly SpanCounts[]>>;
  readonly notes: Readonly<Record<keyof typeof NOTES, readonly StoreNote[]>>;
}

/** All of it as one. Notes that cannot be read, or are not of this kit, are left out. */
export function readActivity(sources: ActivitySources): Activity {
  const { now, instance, presence, notes } = sources;
  const others = notes.process
    .filter(({ name }) => name !== `${NOTES.process}${instance}`)
    .flatMap((note) => readProcess(note));
  const own = presence === undefined ? [] : [{ ...presence, seenAt: now }];
  return {
    processes: [...own, ...others].toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    minutes: mergeSpans('minute', sources),
    hours: mergeSpans('hour', sources),
  };
}

/** Who says in the notes below {@link NOTES}`.process` that it is there. */
export function processesIn(notes: readonly StoreNote[]): readonly ProcessReport[] {
  return notes.flatMap(readProcess);
}

function readProcess({ text, at }: StoreNote): readonly ProcessReport[] {
  const said = readObject(text);
  const { name, running, concurrency } = said ?? {};
  if (typeof name !== 'string' || !isCount(running) || !isCount(concurrency)) return [];
  return [{ name, running, concurrency, seenAt: at }];
}

function mergeSpans(
  kind: SpanKind,
  { now, instance, counts, notes }: ActivitySources,
): readonly ActivitySpan[] {
  const { keptMs, lengthMs } = SPANS[kind];
  const byStart = new Map<number, SpanCounts>();
  const spanAt = (from: number): SpanCounts => {
    const span = byStart.get(from) ?? new SpanCounts(from);
    byStart.set(from, span);
    return span;
  };
  for (const span of counts[kind]) spanAt(span.from).add(span);
  for (const { name, text } of notes[kind]) {
    const [author = '', start] = name.slice(NOTES[kind].length).split('/');
    const from = Number(start);
    const isTold = from % lengthMs === 0 && from > now - keptMs && from <= now + SLACK_MS;
    if (author === instance || !isTold) continue;
    for (const [type, row] of Object.entries(readObject(text) ?? {}))
      if (isRow(row)) spanAt(from).of(type).add(fromRow(row));
  }
  return [...byStart.values()]
    .toSorted((one, other) => one.from - other.from)
    .map((span) => span.view());
}

const FIELDS = 6;
const ROW = FIELDS + new TypeCounts().durations.length;

function isRow(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length === ROW && value.every(isCount);
}

function fromRow(row: readonly number[]): TypeActivity {
  const [received = 0, duplicates = 0, done = 0, failed = 0, dead = 0, totalMs = 0] = row;
  return { received, duplicates, done, failed, dead, totalMs, durations: row.slice(FIELDS) };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return Object.fromEntries(Object.entries(value));
  } catch {
    return undefined;
  }
}
