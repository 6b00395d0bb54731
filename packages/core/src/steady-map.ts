import { quickHash } from './quick-hash.js';

interface Place<Value> {
  readonly key: string;
  readonly hash: number;
  value: Value;
  /** What shares its line. */
  next: Place<Value> | undefined;
}

/** A power of two. */
const FIRST_LINES = 64;

/**
 * A map for what comes and goes all the time, in no order. A Map is rebuilt every few deletions, and a table that it
 * leaves behind can keep what it held then through many garbage collections: that took a quarter of the processor time
 * of a delivery.
 */
export class SteadyMap<Value> {
  #lines = emptyLines<Value>(FIRST_LINES);
  #size = 0;

  get(key: string): Value | undefined {
    return this.#find(key, quickHash(key))?.value;
  }

  set(key: string, value: Value): void {
    const hash = quickHash(key);
    const known = this.#find(key, hash);
    if (known !== undefined) {
      known.value = value;
      return;
    }
    if (this.#size >= this.#lines.length) this.#grow();
    this.#size += 1;
    this.#insert({ key, hash, value, next: undefined });
  }

  delete(key: string): void {
    const place = this.#find(key, quickHash(key));
    if (place === undefined) return;
    this.#size -= 1;
    const line = this.#lineOf(place.hash);
    const first = this.#lines[line];
    if (first === place) {
      this.#lines[line] = place.next;
      return;
    }
    for (let before = first; before !== undefined; before = before.next)
      if (before.next === place) before.next = place.next;
  }

  /** Every value, in no order. */
  values(): Value[] {
    const values: Value[] = [];
    for (const first of this.#lines)
      for (let place = first; place !== undefined; place = place.next) values.push(place.value);
    return values;
  }

  #find(key: string, hash: number): Place<Value> | undefined {
    let place = this.#lines[this.#lineOf(hash)];
    while (place !== undefined && (place.hash !== hash || place.key !== key)) place = place.next;
    return place;
  }

  #insert(place: Place<Value>): void {
    const line = this.#lineOf(place.hash);
    place.next = this.#lines[line];
    this.#lines[line] = place;
  }

  #lineOf(hash: number): number {
    return hash & (this.#lines.length - 1);
  }

  #grow(): void {
    const before = this.#lines;
    this.#lines = emptyLines(before.length * 2);
    for (const first of before)
      for (let place = first; place !== undefined;) {
        const { next } = place;
        this.#insert(place);
        place = next;
      }
  }
}

function emptyLines<Value>(count: number): (Place<Value> | undefined)[] {
  return Array.from({ length: count }, () => undefined);
}
