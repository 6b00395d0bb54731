import { createFifo } from '../fifo.js';
import { type Entry, forgetBody, newEntry, NO_BYTES } from './memory-entry.js';
import { type DoneFacts, FactsCodec, onlyAttempt } from './memory-facts.js';

/** A delivery inside the memory store: an object, or bytes once it is done. */
export type KeptEntry = Entry | DoneEntry;

/**
 * A delivery that is done, as bytes. A garbage collector copies each object that stays, twice, before it lets it lie: done
 * deliveries as objects took a fifth of the processor time of those that came after them.
 */
export class DoneEntry {
  readonly sequence: number;
  readonly key: string;
  readonly type: string;
  readonly at: number;
  readonly state = 'done';
  readonly unhandled = false;
  readonly lastError = undefined;
  duplicates: number;
  isForgotten = false;
  // One by one: places would stay as well.
  readonly #facts: FactsPage;
  readonly #factsFrom: number;
  readonly #factsTo: number;
  readonly #body: BodyPage;
  readonly #bodyFrom: number;
  readonly #bodyTo: number;

  constructor(entry: Entry, facts: Place<FactsPage>, body: Place<BodyPage>) {
    this.sequence = entry.sequence;
    this.key = entry.key;
    this.type = entry.type;
    this.at = entry.at;
    this.duplicates = entry.duplicates;
    this.#facts = facts.page;
    this.#factsFrom = facts.from;
    this.#factsTo = facts.to;
    this.#body = body.page;
    this.#bodyFrom = body.from;
    this.#bodyTo = body.to;
  }

  /** What was kept of it beside its body. */
  facts(): DoneFacts {
    return this.#facts.read(this.#factsFrom, this.#factsTo);
  }

  /** The object that it was, without the parsed event. Changing that changes nothing here. */
  opened(): Entry {
    const { sequence, key, type, at, state, duplicates } = this;
    const { recordedAt, started, dueSince, succeeded, holder, attempts, ...recorded } =
      this.facts();
    const raw = this.#body.copy(this.#bodyFrom, this.#bodyTo) ?? NO_BYTES;
    const entry = newEntry(
      { key, type, source: 'webhook', raw, ...recorded },
      sequence,
      recordedAt,
    );
    const done = { state, at, started, finished: started, dueSince, succeeded, duplicates };
    Object.assign(entry, { ...done, holder, attempts });
    if (raw === NO_BYTES) forgetBody(entry);
    return entry;
  }
}

/** The entry itself, or the object that it was. */
export function openedOf(kept: KeptEntry): Entry {
  return kept instanceof DoneEntry ? kept.opened() : kept;
}

/** When an entry was recorded, what it is about, and the merchant's own word for that. */
export function namesOf(kept: KeptEntry): Pick<DoneFacts, 'subject' | 'reference' | 'recordedAt'> {
  if (kept instanceof DoneEntry) return kept.facts();
  const { subject, reference } = kept.delivery;
  return { subject, reference, recordedAt: kept.recordedAt };
}

/** Some bytes of a page. */
interface Place<In> {
  readonly page: In;
  readonly from: number;
  readonly to: number;
}

/** Bytes of many deliveries, one behind the other. It goes when nobody refers to it. */
class Page {
  readonly size: number;
  /** Absent once they are forgotten. */
  protected bytes: Buffer | undefined;
  protected used = 0;

  constructor(size: number) {
    this.size = size;
    this.bytes = Buffer.allocUnsafeSlow(size);
  }

  hasRoomFor(length: number): boolean {
    return this.bytes !== undefined && this.size - this.used >= length;
  }
}

class FactsPage extends Page {
  readonly #codec: FactsCodec;

  constructor(size: number, codec: FactsCodec) {
    super(size);
    this.#codec = codec;
  }

  /** Writes what the codec has taken in. */
  put(): Place<FactsPage> {
    const from = this.used;
    if (this.bytes !== undefined) this.used = this.#codec.write(this.bytes, from);
    return { page: this, from, to: this.used };
  }

  read(from: number, to: number): DoneFacts {
    return this.#codec.read(this.bytes?.subarray(from, to) ?? NO_BYTES);
  }
}

/** Many bodies, which go together when others need their room. */
class BodyPage extends Page {
  /** Never for its own sake: others' bodies are in it. */
  readonly isUseless = false;

  put(body: Uint8Array): Place<BodyPage> {
    const from = this.used;
    this.bytes?.set(body, from);
    this.used += body.length;
    return { page: this, from, to: this.used };
  }

  /** A copy; nothing once it is forgotten. */
  copy(from: number, to: number): Buffer | undefined {
    return this.bytes === undefined ? undefined : Buffer.from(this.bytes.subarray(from, to));
  }

  forget(): void {
    this.bytes = undefined;
  }
}

/** The body of an entry that stays an object. */
class OwnBody {
  readonly #entry: Entry;
  readonly #raw: Uint8Array;

  constructor(entry: Entry) {
    this.#entry = entry;
    this.#raw = entry.delivery.raw;
  }

  get size(): number {
    return this.#raw.length;
  }

  get isUseless(): boolean {
    return this.#entry.isForgotten;
  }

  forget(): void {
    const { state, delivery } = this.#entry;
    // One that was replayed meanwhile needs its body; it comes here again when it is done again.
    if (state === 'done' && delivery.raw === this.#raw) forgetBody(this.#entry);
  }
}

const FACTS_PAGE_BYTES = 65_536;
const BODY_PAGE_BYTES = 262_144;

/** What is done, in little room: the bodies of the newest, as many as fit into `maxBytes`, are there to be replayed. */
export class DoneEntries {
  readonly #maxBytes: number;
  readonly #bodies = createFifo<BodyPage | OwnBody>();
  readonly #codec = new FactsCodec();
  #bodyBytes = 0;
  #facts = new FactsPage(0, this.#codec);
  #body = new BodyPage(0);

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Gives what is to be kept in place of a done entry. */
  add(entry: Entry): KeptEntry {
    const attempt = onlyAttempt(entry);
    if (attempt !== undefined && this.#codec.take(entry, attempt))
      return new DoneEntry(entry, this.#putFacts(), this.#putBody(entry.delivery.raw));
    this.#keepBody(new OwnBody(entry));
    return entry;
  }

  #putFacts(): Place<FactsPage> {
    const { most } = this.#codec;
    if (!this.#facts.hasRoomFor(most))
      this.#facts = new FactsPage(Math.max(FACTS_PAGE_BYTES, most), this.#codec);
    return this.#facts.put();
  }

  #putBody(raw: Uint8Array): Place<BodyPage> {
    if (!this.#body.hasRoomFor(raw.length)) {
      // Small beside all, so that not much goes at once.
      const size = Math.min(BODY_PAGE_BYTES, this.#maxBytes >> 3);
      this.#body = new BodyPage(Math.max(size, raw.length));
      this.#keepBody(this.#body);
    }
    return this.#body.put(raw);
  }

  #keepBody(body: BodyPage | OwnBody): void {
    if (body.size > this.#maxBytes) {
      body.forget();
      return;
    }
    this.#bodies.push(body);
    this.#bodyBytes += body.size;
    while (this.#bodyBytes > this.#maxBytes || this.#bodies.peek()?.isUseless === true) {
      const oldest = this.#bodies.shift();
      if (oldest === undefined) return;
      this.#bodyBytes -= oldest.size;
      oldest.forget();
    }
  }
}
