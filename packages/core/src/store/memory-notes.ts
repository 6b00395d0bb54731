import { checkNote, MOST_NOTES } from '../store-kit/notes.js';
import type { StoreNote } from './durable-store.js';

const MOST_CHARACTERS = 8_388_608;
/** Fewer are never looked through for those whose time is over. */
const FEW = 100;

interface Kept {
  readonly text: string;
  readonly at: number;
  readonly until: number;
}

/** Texts by name, each until its time is over. Bounded: those that were put longest ago go first. */
export class Notes {
  /** The one put last is the last. */
  readonly #kept = new Map<string, Kept>();
  #characters = 0;
  #sweepAt = FEW;

  put(
    name: string,
    text: string,
    { keepMs, now }: { readonly keepMs: number; readonly now: number },
  ): void {
    const until = now + checkNote('memory', { name, text, keepMs });
    this.#delete(name);
    this.#kept.set(name, { text, at: now, until });
    this.#characters += text.length;
    if (this.#kept.size > this.#sweepAt) this.#sweep(now);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST_NOTES && this.#characters <= MOST_CHARACTERS) break;
      this.#delete(oldest);
    }
  }

  below(prefix: string, now: number): StoreNote[] {
    const found: StoreNote[] = [];
    for (const [name, { text, at, until }] of this.#kept)
      if (until > now && name.startsWith(prefix)) found.push({ name, text, at });
    return found.toSorted((one, other) => (one.name < other.name ? -1 : 1)).slice(0, MOST_NOTES);
  }

  #sweep(now: number): void {
    for (const [name, { until }] of this.#kept) if (until <= now) this.#delete(name);
    this.#sweepAt = Math.max(FEW, this.#kept.size * 2);
  }

  #delete(name: string): void {
    const kept = this.#kept.get(name);
    if (kept === undefined) return;
    this.#characters -= kept.text.length;
    this.#kept.delete(name);
  }
}
