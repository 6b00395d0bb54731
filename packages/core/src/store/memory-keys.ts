import * as crypto from 'node:crypto';
import { quickHash } from '../quick-hash.js';

/**
 * A map of a million keys grows by being copied, which stops the process for a tenth of a second: many small ones grow
 * one at a time.
 */
const SHARDS = 64;

/** Values by key, however many. */
export class KeyMap<Value> {
  readonly #shards = Array.from({ length: SHARDS }, () => new Map<string, Value>());

  get(key: string): Value | undefined {
    return this.#shardOf(key).get(key);
  }

  set(key: string, value: Value): void {
    this.#shardOf(key).set(key, value);
  }

  delete(key: string): void {
    this.#shardOf(key).delete(key);
  }

  *values(): Generator<Value> {
    for (const shard of this.#shards) yield* shard.values();
  }

  /** Keys end in what tells them apart: their last letters are spread well enough, and are read at once. */
  #shardOf(key: string): Map<string, Value> {
    const end = key.length;
    const spread = key.charCodeAt(end - 1) + 31 * key.charCodeAt(end - 2);
    return this.#shards[spread % SHARDS] ?? this.#noShard();
  }

  #noShard(): Map<string, Value> {
    const [first = new Map<string, Value>()] = this.#shards;
    return first;
  }
}

/** Keys without anything else, and a time (ms since 1970) for each. Bounded. */
export class Tombstones {
  readonly #limit: number;
  #recent = new DigestSet();
  #older = new DigestSet();
  #forgottenUntil = -Infinity;

  /** At most `maxKeys` are remembered, at least half of them: two sets take turns, and the older one goes at once. */
  constructor(maxKeys: number) {
    this.#limit = Math.max(1, Math.floor(maxKeys / 2));
  }

  /** When the newest of the keys that were forgotten was done or discarded; -Infinity while none was. */
  get forgottenUntil(): number {
    return this.#forgottenUntil;
  }

  has(key: string): boolean {
    if (this.#recent.size === 0 && this.#older.size === 0) return false;
    const hash = quickHash(key);
    return this.#recent.has(key, hash) || this.#older.has(key, hash);
  }

  add(key: string, at: number): void {
    this.#recent.add(key, quickHash(key), at);
    if (this.#recent.size < this.#limit) return;
    this.#forgottenUntil = Math.max(this.#forgottenUntil, this.#older.newest);
    this.#older = this.#recent;
    this.#recent = new DigestSet();
  }

  /** Forgets up to `limit` keys of before `before`; returns how many. */
  forget(before: number, limit: number): number {
    const old = this.#older.forget(before, limit);
    const fresh = this.#recent.forget(before, limit - old.count);
    this.#forgottenUntil = Math.max(this.#forgottenUntil, old.newest, fresh.newest);
    return old.count + fresh.count;
  }
}

/** What was forgotten: how many, and the newest time among them. */
interface Forgotten {
  readonly count: number;
  readonly newest: number;
}

/** Keys by 128 bits of their SHA-256: 28 bytes a place in flat tables, where a string in a Map takes hundreds. */
class DigestSet {
  readonly #shards = Array.from({ length: SHARDS }, () => new DigestTable());
  size = 0;
  newest = -Infinity;

  has(key: string, hash: number): boolean {
    return this.#shardOf(hash).has(key, hash);
  }

  add(key: string, hash: number, at: number): void {
    if (!this.#shardOf(hash).add(key, hash, at)) return;
    this.size += 1;
    this.newest = Math.max(this.newest, at);
  }

  forget(before: number, limit: number): Forgotten {
    let count = 0;
    let newest = -Infinity;
    for (const shard of this.#shards) {
      if (count >= limit) break;
      const forgotten = shard.forget(before, limit - count);
      count += forgotten.count;
      newest = Math.max(newest, forgotten.newest);
    }
    this.size -= count;
    return { count, newest };
  }

  #shardOf(hash: number): DigestTable {
    const shard = this.#shards[hash % SHARDS];
    if (shard === undefined) throw new Error('no such shard');
    return shard;
  }
}

const WORDS = 4;
const FIRST_PLACES = 16;
/** In `at`: a place that was never used, and one that is free again. */
const EMPTY = NaN;
const FREED = -Infinity;

/** Open addressing: a key stands at the place its quick hash names, or at the next free one. */
class DigestTable {
  #hashes = new Uint32Array(0);
  #digests = new Uint32Array(0);
  #at = new Float64Array(0);
  /** Places that are not empty, freed ones included. */
  #used = 0;
  /** No key is older. */
  #oldest = Infinity;

  has(key: string, hash: number): boolean {
    return this.#find(key, hash) !== -1;
  }

  /** `false` where it was there. */
  add(key: string, hash: number, at: number): boolean {
    if (this.#find(key, hash) !== -1) return false;
    if (this.#used * 4 >= this.#at.length * 3) this.#grow();
    this.#put(digestOf(key), hash, at);
    return true;
  }

  forget(before: number, limit: number): Forgotten {
    let count = 0;
    let newest = -Infinity;
    if (this.#oldest > before) return { count, newest };
    let oldest = Infinity;
    for (let place = 0; place < this.#at.length && count < limit; place += 1) {
      const at = this.#at[place] ?? EMPTY;
      if (Number.isNaN(at) || at === FREED) continue;
      if (at > before) {
        oldest = Math.min(oldest, at);
        continue;
      }
      this.#at[place] = FREED;
      newest = Math.max(newest, at);
      count += 1;
    }
    if (count < limit) this.#oldest = oldest;
    return { count, newest };
  }

  #find(key: string, hash: number): number {
    const mask = this.#at.length - 1;
    let digest: Uint32Array | undefined;
    for (let place = placeOf(hash) & mask; this.#isUsed(place); place = (place + 1) & mask) {
      if (this.#hashes[place] !== hash || this.#at[place] === FREED) continue;
      // Keys whose quick hashes are the same are rarely different ones: only then is the digest worth its time.
      digest ??= digestOf(key);
      if (this.#isAt(place, digest)) return place;
    }
    return -1;
  }

  #isUsed(place: number): boolean {
    return !Number.isNaN(this.#at[place] ?? EMPTY);
  }

  #isAt(place: number, digest: Uint32Array): boolean {
    for (let word = 0; word < WORDS; word += 1)
      if (this.#digests[place * WORDS + word] !== digest[word]) return false;
    return true;
  }

  #put(digest: Uint32Array, hash: number, at: number): void {
    const mask = this.#at.length - 1;
    let place = placeOf(hash) & mask;
    while (this.#isUsed(place)) place = (place + 1) & mask;
    this.#hashes[place] = hash;
    this.#digests.set(digest, place * WORDS);
    this.#at[place] = at;
    this.#used += 1;
    this.#oldest = Math.min(this.#oldest, at);
  }

  /** Twice the places for those that are left; freed places are empty again. */
  #grow(): void {
    const [hashes, digests, at] = [this.#hashes, this.#digests, this.#at];
    const left = at.reduce((sum, one) => (one > FREED ? sum + 1 : sum), 0);
    let places = FIRST_PLACES;
    while (left * 2 >= places) places *= 2;
    this.#hashes = new Uint32Array(places);
    this.#digests = new Uint32Array(places * WORDS);
    this.#at = new Float64Array(places).fill(EMPTY);
    this.#used = 0;
    for (const [place, one] of at.entries())
      if (one > FREED)
        this.#put(digests.subarray(place * WORDS, (place + 1) * WORDS), hashes[place] ?? 0, one);
  }
}

/** The lower bits have chosen the shard. */
function placeOf(hash: number): number {
  return Math.floor(hash / SHARDS);
}

function digestOf(key: string): Uint32Array {
  const digest = sha256(key);
  const words = new Uint32Array(WORDS);
  for (let word = 0; word < WORDS; word += 1) words[word] = digest.readUInt32LE(word * 4);
  return words;
}

/** The one-call hash takes two thirds of the time; not every platform that has the other has it. */
function sha256(text: string): Buffer {
  if (typeof crypto.hash === 'function') return crypto.hash('sha256', text, 'buffer');
  return crypto.createHash('sha256').update(text).digest();
}
