import type { Activity } from '../activity.js';
import { atMost, inBackground, type CancelTimer, type Clock } from '../clock.js';
import type { Diagnostics } from '../diagnostics.js';
import { onDemand } from '../on-demand.js';
import type { DurableStore } from '../store/durable-store.js';
import { ActivityCounts, type SpanCounts, type SpanKind } from './counts.js';
import type { Presence, WrittenNote } from './notes.js';

/** What a process does, for itself and for the others' desks. */
export interface ActivityLog {
  /** Called for every delivery. */
  readonly counts: ActivityCounts;
  /**
   * Begins to tell the others, where the store keeps notes: that this process is there every thirty seconds, and while
   * there is something new what was counted every ten. `running` gives how many handlers are at work.
   */
  start(concurrency: number, running: () => number): void;
  /** What all processes have told. Rejects when the store does not say. */
  read(): Promise<Activity>;
  /** Tells what is still untold, for a second at most, and nothing more. Never rejects. */
  close(): Promise<void>;
}

/** What the log works with. */
export interface ActivityLogOptions {
  readonly store: DurableStore;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
  /** How this process is called. */
  readonly holder: string;
  /** Names this kit: two of one process have the same holder. Letters, digits and dashes. */
  readonly instance: string;
}

/** How often a process that has nothing new says that it is there, and one that has something tells it, in ms. */
const BEAT_MS = 30_000;
const BUSY_MS = 10_000;
const LAST_WORDS_MS = 1_000;

/** A log that has counted nothing. */
export function createActivityLog(options: ActivityLogOptions): ActivityLog {
  const { store, clock, diagnostics, holder, instance } = options;
  const counts = new ActivityCounts(clock);
  let stop: CancelTimer | undefined;
  let isClosed = false;
  let saidAt = -Infinity;
  let telling: Promise<void> | undefined;
  let presence: (() => Presence) | undefined;
  const notes = onDemand(async () => import('./notes.js'));

  function untold(): readonly (readonly [SpanKind, SpanCounts])[] {
    return (['minute', 'hour'] as const).flatMap((kind) =>
      counts.told(kind).flatMap((span) => (span.isDirty ? [[kind, span] as const] : [])),
    );
  }

  async function put({ name, text, keepMs }: WrittenNote): Promise<void> {
    await store.putNote?.(name, text, { keepMs });
  }

  /** Never rejects: what could not be told is told the next time, and the desk of this process has it anyway. */
  async function tell(spans: ReturnType<typeof untold>, said: Presence | undefined): Promise<void> {
    try {
      const { processNote, spanNote } = await notes();
      if (said !== undefined) await put(processNote(instance, said));
      for (const [kind, span] of spans) {
        // Before: what is counted while it is written makes it behind again.
        span.isDirty = false;
        await put(spanNote(instance, kind, span)).catch((error: unknown) => {
          span.isDirty = true;
          throw error;
        });
      }
    } catch (err) {
      diagnostics.log('activity_not_told', { err });
    }
  }

  /** Begins to tell what there is to tell; gives after how many ms to come again. */
  function tick(): number {
    // A store that takes its time is not asked for more.
    if (telling !== undefined) return BUSY_MS;
    const counted = untold();
    const isBeat = clock.now() - saidAt >= BEAT_MS;
    if (isBeat) saidAt = clock.now();
    const said = isBeat ? presence?.() : undefined;
    if (counted.length > 0 || said !== undefined)
      telling = tell(counted, said).finally(() => {
        telling = undefined;
      });
    return counted.length > 0 ? BUSY_MS : BEAT_MS;
  }

  function tickAfter(delayMs: number): CancelTimer {
    return inBackground(clock).after(delayMs, () => {
      stop = tickAfter(tick());
    });
  }

  async function notesBelow(prefix: string) {
    return (await store.notes?.(prefix)) ?? [];
  }

  return {
    counts,
    start(concurrency, running) {
      if (presence !== undefined || isClosed) return;
      presence = () => ({ name: holder, concurrency, running: running() });
      // A store that is gone with this process has no others to be told.
      const hasOthers = store.durable && store.putNote !== undefined;
      stop = hasOthers ? tickAfter(BUSY_MS) : undefined;
    },
    async read() {
      const { NOTES, readActivity } = await notes();
      const [process, minute, hour] = await Promise.all([
        notesBelow(NOTES.process),
        notesBelow(NOTES.minute),
        notesBelow(NOTES.hour),
      ]);
      return readActivity({
        now: clock.now(),
        instance,
        presence: presence?.(),
        counts: { minute: counts.told('minute'), hour: counts.told('hour') },
        notes: { process, minute, hour },
      });
    },
    async close() {
      isClosed = true;
      presence = undefined;
      if (stop === undefined) return;
      stop();
      const left = untold();
      if (left.length > 0) await atMost(clock, LAST_WORDS_MS, tell(left, undefined));
    },
  };
}
