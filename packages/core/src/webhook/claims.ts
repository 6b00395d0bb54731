import { createFifo, type Fifo } from '../fifo.js';
import { SteadyMap } from '../steady-map.js';
import type { NewDelivery, TakenDelivery } from '../store/durable-store.js';

/**
 * A delivery that this worker has claimed and not yet let go. `recording`: it is asked of the store in the step that
 * records it; `settling`: its handlers have ended and the outcome is being written.
 */
export class ClaimedDelivery {
  /** The token changes when this worker itself claims again what it let lapse. */
  readonly taken: { -readonly [Field in keyof TakenDelivery]: TakenDelivery[Field] };
  /** Stops its handlers: lease lost, or shutdown. */
  readonly stop = new StopSwitch();
  state: 'recording' | 'waiting' | 'running' | 'settling' | 'gone';
  /** Whether the store may hold another delivery of its subject, which stood behind this one. */
  isFollowed: boolean;
  /** The next claimed of its subject. */
  behind: ClaimedDelivery | undefined;

  constructor(
    taken: TakenDelivery,
    state: 'recording' | 'waiting',
    /** How many were claimed before it. */
    readonly number: number,
  ) {
    this.taken = taken;
    this.state = state;
    this.isFollowed = state === 'waiting';
    this.behind = undefined;
  }
}

/**
 * What a worker has claimed, and which of it may start: of one subject the first alone, and a recovered run (of a
 * delivery whose process died under it) only beside no other one, with nothing else started until it has proved
 * harmless: its start is exclusive. Each step takes the same time however many are claimed.
 */
export class Claims {
  /** The first claimed of each subject. */
  readonly #bySubject = new SteadyMap<ClaimedDelivery>();
  readonly #ready = createFifo<ClaimedDelivery>();
  /** What was taken as it was recorded, and whose answer may still have to be written. */
  readonly #answering = createFifo<ClaimedDelivery>();
  /** What stood behind another of its subject and is the first now: it has waited longest. */
  readonly #freed = createFifo<ClaimedDelivery>();
  readonly #toRecover = createFifo<ClaimedDelivery>();
  #recovered: ClaimedDelivery | undefined;
  #isExclusive = false;
  #claimed = 0;
  #size = 0;
  #lapsed = 0;
  #running = 0;

  get size(): number {
    return this.#size;
  }

  /** How many have handlers at work. */
  get running(): number {
    return this.#running;
  }

  /** Whether nothing may start, and so nothing be claimed, until a recovered run has proved harmless. */
  get isExclusive(): boolean {
    return this.#isExclusive;
  }

  /** Subjects of which nothing more may be claimed. */
  get subjects(): string[] {
    return this.#bySubject.values().map(({ taken }) => taken.subject);
  }

  /** How many more may be claimed whose earlier start never finished. */
  get lapsedLimit(): number {
    return this.#lapsed > 0 ? 0 : 1;
  }

  /** The first claimed of a subject. */
  of(subject: string): ClaimedDelivery | undefined {
    return this.#bySubject.get(subject);
  }

  has(key: string): boolean {
    return this.all().some(({ taken }) => taken.key === key);
  }

  /** The first claimed comes first. */
  all(): ClaimedDelivery[] {
    const all: ClaimedDelivery[] = [];
    for (const first of this.#bySubject.values())
      for (let one: ClaimedDelivery | undefined = first; one !== undefined; one = one.behind)
        all.push(one);
    return all.toSorted((one, other) => one.number - other.number);
  }

  /** Those whose handlers have not been started. */
  waiting(): ClaimedDelivery[] {
    return this.all().filter(({ state }) => state === 'waiting');
  }

  /** Stands in for a delivery that is just being recorded, and may be taken with that. */
  reserve(delivery: NewDelivery): ClaimedDelivery {
    return this.#push(firstTaking(delivery), 'recording');
  }

  /** The delivery was taken as it was recorded. It may start once it is `answered`. */
  confirm(claimed: ClaimedDelivery, { token, dueSince }: Taking): void {
    claimed.taken.token = token;
    claimed.taken.dueSince = dueSince;
    claimed.state = 'waiting';
    this.#answering.push(claimed);
  }

  /** All answers are written. */
  answered(): void {
    for (let one = nextWaiting(this.#answering); one; one = nextWaiting(this.#answering))
      if (this.of(one.taken.subject) === one) this.#makeReady(one, this.#ready);
  }

  add(taken: TakenDelivery): void {
    let own = this.of(taken.subject);
    while (own !== undefined && own.taken.key !== taken.key) own = own.behind;
    if (own === undefined) {
      const claimed = this.#push({ ...taken }, 'waiting');
      if (this.of(taken.subject) === claimed) this.#makeReady(claimed, this.#ready);
    }
    // Claimed between its record and the answer to that.
    else if (own.state === 'recording') this.confirm(own, taken);
    // A blocked event loop can miss its own renewals: whoever claims the delivery then is the one still running it.
    else own.taken.token = taken.token;
  }

  /** Marks as running and returns the next that may start, or `undefined`. */
  next(): ClaimedDelivery | undefined {
    if (this.#isExclusive) return undefined;
    const claimed = this.#nextToRecover() ?? nextWaiting(this.#freed) ?? nextWaiting(this.#ready);
    if (claimed === undefined) return undefined;
    claimed.state = 'running';
    this.#running += 1;
    return claimed;
  }

  /** Its handlers have ended: another may start. */
  settle(claimed: ClaimedDelivery): void {
    if (claimed.state !== 'running') return;
    claimed.state = 'settling';
    this.#running -= 1;
  }

  /** Lets a delivery go; again does nothing. */
  remove(claimed: ClaimedDelivery): void {
    if (claimed.state === 'gone') return;
    this.settle(claimed);
    claimed.state = 'gone';
    this.#size -= 1;
    if (claimed.taken.lapsed) this.#lapsed -= 1;
    this.#unlink(claimed);
    if (claimed !== this.#recovered) return;
    this.#recovered = undefined;
    this.#isExclusive = false;
  }

  /** The recovered run lived long enough: others may start beside it. */
  endExclusiveStart(): void {
    this.#isExclusive = false;
  }

  #push(taken: TakenDelivery, state: 'recording' | 'waiting'): ClaimedDelivery {
    const claimed = new ClaimedDelivery(taken, state, this.#claimed);
    const { subject, lapsed } = taken;
    this.#claimed += 1;
    this.#size += 1;
    if (lapsed) this.#lapsed += 1;
    let last = this.#bySubject.get(subject);
    while (last?.behind !== undefined) last = last.behind;
    if (last === undefined) this.#bySubject.set(subject, claimed);
    else last.behind = claimed;
    return claimed;
  }

  #unlink(claimed: ClaimedDelivery): void {
    const { subject } = claimed.taken;
    const first = this.#bySubject.get(subject);
    if (first === claimed) {
      const { behind } = claimed;
      if (behind === undefined) this.#bySubject.delete(subject);
      else this.#bySubject.set(subject, behind);
      if (behind?.state === 'waiting') this.#makeReady(behind, this.#freed);
      return;
    }
    for (let one = first; one !== undefined; one = one.behind)
      if (one.behind === claimed) one.behind = claimed.behind;
  }

  #makeReady(claimed: ClaimedDelivery, line: Fifo<ClaimedDelivery>): void {
    (claimed.taken.lapsed ? this.#toRecover : line).push(claimed);
  }

  #nextToRecover(): ClaimedDelivery | undefined {
    if (this.#recovered !== undefined) return undefined;
    this.#recovered = nextWaiting(this.#toRecover);
    this.#isExclusive = this.#recovered !== undefined;
    return this.#recovered;
  }
}

/** What a store tells of a taking that was part of the record. */
type Taking = Pick<TakenDelivery, 'token' | 'dueSince'>;

/** What a first `takeDue` would give, as far as it is known before the store was asked. */
function firstTaking(delivery: NewDelivery): TakenDelivery {
  const { key, subject, id, type, version, source, raw, headers, receivedAt, event } = delivery;
  // Field by field: this is done for every delivery, and a spread is slow.
  return {
    key,
    subject,
    id,
    type,
    version,
    source,
    receivedAt,
    headers,
    raw,
    event,
    token: '',
    started: 1,
    finished: 0,
    lapsed: false,
    dueSince: receivedAt,
    succeeded: NO_NAMES,
  };
}

const NO_NAMES: readonly string[] = Object.freeze([]);

/** The next that was not let go meanwhile. */
function nextWaiting(line: Fifo<ClaimedDelivery>): ClaimedDelivery | undefined {
  let claimed = line.shift();
  while (claimed !== undefined && claimed.state !== 'waiting') claimed = line.shift();
  return claimed;
}

/**
 * Tells an attempt, and the handler that runs in it, to stop. An `AbortSignal` is made only for a handler that looks
 * at its own: making two for every delivery cost as much as verifying it. A class, because an object literal with a
 * getter gets a hidden class of its own each time, which only a full garbage collection takes away again.
 */
export class StopSwitch {
  #reason: Error | undefined;
  #controller: AbortController | undefined;
  #follower: StopSwitch | undefined;
  #released = false;

  get stopped(): boolean {
    return this.#reason !== undefined;
  }

  /** Aborts when stopped. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  /** Whether the attempt is over and its outcome being written: stopping comes too late then. */
  get released(): boolean {
    return this.#released;
  }

  release(): void {
    this.#released = true;
  }

  stop(reason: Error): void {
    if (this.#released || this.#reason !== undefined) return;
    this.#reason = reason;
    this.#controller?.abort(reason);
    this.#follower?.stop(reason);
  }

  /** A switch that stops with this one, until another follows it: one handler runs at a time. */
  follower(): StopSwitch {
    this.#follower = new StopSwitch();
    if (this.#reason !== undefined) this.#follower.stop(this.#reason);
    return this.#follower;
  }
}
