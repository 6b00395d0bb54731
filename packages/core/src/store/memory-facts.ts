import { GENERATION_NAMES } from '../protocol/generation.js';
import type { AttemptRecord } from './attempt-record.js';
import type { Entry } from './memory-entry.js';

/** What bytes tell of a done delivery, beside its key, its type and its body. */
export type DoneFacts = Pick<
  Entry['delivery'],
  'subject' | 'id' | 'version' | 'receivedAt' | 'headers' | 'reference'
> &
  Pick<Entry, 'recordedAt' | 'started' | 'dueSince' | 'succeeded' | 'holder'> & {
    readonly attempts: AttemptRecord[];
  };

/** Enough for a delivery with a dozen headers and handlers. */
const MOST_NUMBERS = 64;
/** Beside those of headers and handlers. */
const FIXED_NUMBERS = 15;
const BYTES_A_NUMBER = 8;
/** The most that a UTF-16 unit takes in UTF-8. */
const BYTES_A_UNIT = 3;

/**
 * The attempt of an entry of which bytes tell all: done by its one attempt, which a webhook brought and no handler failed
 * in. What a look recorded may still be completed by its webhook, and operators search among what failed.
 */
export function onlyAttempt(entry: Entry): AttemptRecord | undefined {
  const { delivery, lastError, unhandled, attempts = [], succeeded, holder, started } = entry;
  const [attempt, ...others] = attempts;
  const isPlain =
    attempt !== undefined &&
    others.length === 0 &&
    lastError === undefined &&
    !unhandled &&
    delivery.source === 'webhook' &&
    started === entry.finished &&
    attempt.outcome === 'done' &&
    attempt.holder === holder &&
    attempt.handlers.length === succeeded.length &&
    attempt.handlers.every(({ handler, error }, at) => handler === succeeded[at] && !error);
  return isPlain ? attempt : undefined;
}

const MOST_NAMES = 1_000;

/** What is the same for many deliveries, each once: names of handlers, headers, processes. */
class Names {
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];

  /** `NaN` where there are too many. */
  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    if (this.#names.length >= MOST_NAMES) return Number.NaN;
    this.#numbers.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }

  nameOf(number: number): string {
    return this.#names[number] ?? '';
  }
}

/**
 * The facts of done deliveries as bytes: numbers, then all texts as one, whose lengths are among the numbers. JSON took as
 * long as checking a signature.
 */
export class FactsCodec {
  readonly #names = new Names();
  readonly #numbers = new Float64Array(MOST_NUMBERS);
  readonly #bytes = Buffer.from(this.#numbers.buffer);
  #count = 0;
  #text = '';
  #isMissingName = false;

  /** Takes in an entry and its only attempt. `false` where that is too much. */
  take(entry: Entry, attempt: AttemptRecord): boolean {
    const { subject, id, version, receivedAt, headers, reference = '' } = entry.delivery;
    const names = Object.keys(headers);
    const { handlers } = attempt;
    if (FIXED_NUMBERS + 2 * (names.length + handlers.length) > MOST_NUMBERS) return false;
    // The first is how many there are.
    this.#count = 1;
    this.#text = '';
    this.#isMissingName = false;
    this.#addNumber(receivedAt);
    this.#addNumber(entry.recordedAt);
    this.#addNumber(entry.started);
    this.#addNumber(entry.dueSince);
    this.#addNumber(attempt.number);
    this.#addNumber(attempt.startedAt);
    this.#addNumber(attempt.durationMs);
    this.#addNumber(GENERATION_NAMES.indexOf(version));
    this.#addName(entry.holder ?? '');
    this.#addText(subject);
    this.#addText(id);
    this.#addText(reference);
    this.#addNumber(names.length);
    for (const name of names) {
      this.#addName(name);
      this.#addText(headers[name] ?? '');
    }
    this.#addNumber(handlers.length);
    for (const { handler, durationMs } of handlers) {
      this.#addName(handler);
      this.#addNumber(durationMs);
    }
    this.#numbers[0] = this.#count;
    return !this.#isMissingName;
  }

  /** How many bytes what was taken in may need. */
  get most(): number {
    return this.#count * BYTES_A_NUMBER + this.#text.length * BYTES_A_UNIT;
  }

  /** Writes what was taken in, and returns where it ends. */
  write(page: Buffer, from: number): number {
    const textFrom = from + this.#bytes.copy(page, from, 0, this.#count * BYTES_A_NUMBER);
    return textFrom + page.write(this.#text, textFrom);
  }

  #addNumber(value: number): void {
    this.#numbers[this.#count] = value;
    this.#count += 1;
  }

  #addName(name: string): void {
    const number = this.#names.numberOf(name);
    this.#isMissingName ||= Number.isNaN(number);
    this.#addNumber(number);
  }

  #addText(text: string): void {
    this.#addNumber(text.length);
    this.#text += text;
  }

  /** What was written there. */
  read(bytes: Uint8Array): DoneFacts {
    const reader = new FactsReader(bytes);
    const number = (): number => reader.number();
    const text = (): string => reader.text();
    const name = (): string => this.#names.nameOf(reader.number());
    const [receivedAt, recordedAt, started, dueSince] = [number(), number(), number(), number()];
    const times = { number: number(), startedAt: number(), durationMs: number() };
    const version = GENERATION_NAMES[number()] ?? GENERATION_NAMES[0];
    const holder = name() || undefined;
    const [subject, id, reference] = [text(), text(), text() || undefined];
    const headers = Object.fromEntries(reader.each(() => [name(), text()]));
    const handlers = reader.each(() => ({ handler: name(), durationMs: number() }));
    return {
      subject,
      id,
      version,
      receivedAt,
      headers,
      reference,
      recordedAt,
      started,
      dueSince,
      succeeded: handlers.map(({ handler }) => handler),
      holder,
      attempts: [{ ...times, outcome: 'done', holder, handlers }],
    };
  }
}

class FactsReader {
  readonly #numbers: Float64Array;
  readonly #text: string;
  #number = 1;
  #at = 0;

  constructor(bytes: Uint8Array) {
    // Where they begin is nothing that numbers can be read at.
    const { buffer } = Uint8Array.from(bytes);
    const [count = 0] = new Float64Array(buffer, 0, 1);
    this.#numbers = new Float64Array(buffer, 0, count);
    this.#text = Buffer.from(buffer, count * BYTES_A_NUMBER).toString('utf8');
  }

  number(): number {
    const number = this.#numbers[this.#number] ?? 0;
    this.#number += 1;
    return number;
  }

  text(): string {
    const from = this.#at;
    this.#at += this.number();
    return this.#text.slice(from, this.#at);
  }

  each<Value>(read: () => Value): Value[] {
    return Array.from({ length: this.number() }, read);
  }
}
