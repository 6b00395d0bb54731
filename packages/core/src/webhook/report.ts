import { isQBitFlowError, QBitFlowError, type ErrorCode } from '../errors.js';
import type { HandlerRegistry } from '../event/handlers.js';
import { moneyOf } from '../mode.js';
import type { SignatureFailure } from '../protocol/signature.js';
import type { Runtime } from '../runtime.js';
import { isPending, type Soon } from '../settled.js';
import type { NewDelivery, RecordOutcome } from '../store/durable-store.js';
import { doubled, inBackground } from '../clock.js';

/** Tells the merchant what came in: by log lines and `onError`. It is called around the 200 and stays cheap. */
export interface ReceiveReport {
  recorded(delivery: NewDelivery, outcome: RecordOutcome): void;
  failed(error: unknown): void;
  /**
   * A delivery whose signature was not accepted; `explain` is called where this one is reported. Resolves when it has been.
   */
  rejected(reason: SignatureFailure, explain: () => Promise<QBitFlowError>): Soon<void>;
  /** Reports what was only counted until now. */
  close(): void;
}

/** Types come from the sender: a bound, however few there are. */
const MOST_TYPES = 100;

/** Nothing came in yet. */
export function createReceiveReport(runtime: Runtime, registry: HandlerRegistry): ReceiveReport {
  const { diagnostics, errors, settings } = runtime;
  const { mode, processing } = settings;
  const rejections = createRejections(runtime);
  const isNewType = firstOfEach(MOST_TYPES);
  const isNewKeptAway = firstOfEach(MOST_TYPES);

  function rejected(kind: string, refusal: Refusal): Soon<void> {
    diagnostics.emit('delivery_refused', { reason: kind });
    return rejections.rejected(kind, refusal);
  }

  return {
    recorded(delivery, outcome) {
      rejections.genuine();
      const { key, id, type, version, dead, unhandled } = delivery;
      const facts = { key, id, type, version };
      diagnostics.emit('delivery_received', facts);
      if (outcome.status === 'duplicate') diagnostics.emit('delivery_duplicate', facts);
      else if (unhandled !== undefined) {
        diagnostics.emit('delivery_kept_away', { ...facts, reason: unhandled });
        if (isNewKeptAway(type))
          diagnostics.log('mode_kept_away', { type, key, money: moneyOf(key) ?? 'other', mode });
      } else if (dead === undefined) {
        diagnostics.emit('delivery_recorded', facts);
        if (processing !== 'elsewhere' && isNewType(type) && !registry.handles(type))
          diagnostics.log('type_unhandled', { type });
      } else errors.unreadable(delivery, dead);
    },
    failed(error) {
      if (isQBitFlowError(error) && error.code === 'method_not_allowed') return;
      const kind = isQBitFlowError(error) ? kindOf(error.code) : undefined;
      if (kind === undefined || !isQBitFlowError(error)) errors.report(error, { stage: 'receive' });
      else
        void rejected(kind, {
          code: error.code,
          reason: error.facts['reason'],
          describe: () => error,
        });
    },
    rejected: (reason, describe) =>
      rejected(reason, { code: 'invalid_signature', reason, describe }),
    close() {
      rejections.close();
    },
  };
}

/** Whether a name is asked about for the first time; never for more than `most` names. */
function firstOfEach(most: number): (name: string) => boolean {
  const seen = new Set<string>();
  return (name) => {
    if (seen.has(name) || seen.size >= most) return false;
    seen.add(name);
    return true;
  };
}

/**
 * Reports requests that anybody on the internet can make be rejected: the first of a kind at once, the rest by their
 * number. So a wrong secret is reported with its first delivery, and unknown senders cannot page a merchant at will.
 */
interface Rejections {
  /** Resolves when it is reported, or counted. */
  rejected(kind: string, refusal: Refusal): Soon<void>;
  /** A delivery was genuine. */
  genuine(): void;
  /** Reports what was only counted until now. */
  close(): void;
}

const SHORTEST_MS = 60_000;
/** However long unknown senders go on, a secret that went wrong meanwhile is reported after this. */
const LONGEST_MS = 900_000;

interface Refusal {
  readonly code: ErrorCode;
  /** For programs: why the signature was not accepted. */
  readonly reason: unknown;
  /** Called only where this one is reported: it may look closely. */
  readonly describe: () => Soon<QBitFlowError>;
}

interface Kind extends Pick<Refusal, 'code' | 'reason'> {
  /** For how long the next ones are counted only. */
  periodMs: number;
  reportedAt: number;
  seenAt: number;
  left: number;
  /** How many had been genuine when it was last reported. */
  genuineBefore: number;
  cancel: () => void;
}

/** Nothing was rejected yet. */
function createRejections({ clock, errors }: Runtime): Rejections {
  const kinds = new Map<string, Kind>();
  const background = inBackground(clock);
  let genuine = 0;

  function report(error: QBitFlowError): void {
    errors.report(error, { stage: 'receive' });
  }

  function reported(kind: Kind): void {
    kind.reportedAt = clock.now();
    kind.genuineBefore = genuine;
    kind.left = 0;
    kind.cancel();
    kind.cancel = () => undefined;
  }

  function count(name: string, kind: Kind): void {
    kind.left += 1;
    if (kind.left > 1) return;
    const delayMs = kind.reportedAt + kind.periodMs - clock.now();
    kind.cancel = background.after(delayMs, () => {
      reportCount(name, kind);
      kind.periodMs = nextPeriod(kind);
    });
  }

  function reportCount(name: string, kind: Kind): void {
    const { code, reason, left } = kind;
    const came = genuine - kind.genuineBefore;
    const seconds = Math.round((clock.now() - kind.reportedAt) / 1000);
    const meaning =
      came === 0
        ? 'no delivery was genuine meanwhile: unknown senders, or a webhook secret or a mounting that is wrong'
        : `${came === 1 ? '1 delivery was' : `${came} deliveries were`} genuine meanwhile: this came from unknown senders, or from an endpoint with another secret`;
    const requests = left === 1 ? 'request was' : 'requests were';
    const message = `${left} more ${requests} refused within ${seconds} s (${name.replaceAll('_', ' ')}); ${meaning}`;
    reported(kind);
    const facts = { reason, count: left, genuine: came };
    errors.report(new QBitFlowError(code, message, { facts }), { stage: 'receive', count: left });
  }

  return {
    rejected(name, { code, reason, describe }) {
      const now = clock.now();
      const known = kinds.get(name);
      const goesOn = known !== undefined && now - known.seenAt < LONGEST_MS;
      if (goesOn) known.seenAt = now;
      if (goesOn && (known.left > 0 || now - known.reportedAt < known.periodMs)) {
        count(name, known);
        return undefined;
      }
      known?.cancel();
      const kind: Kind = {
        code,
        reason,
        periodMs: goesOn ? nextPeriod(known) : SHORTEST_MS,
        reportedAt: now,
        seenAt: now,
        left: 0,
        genuineBefore: genuine,
        cancel: () => undefined,
      };
      kinds.set(name, kind);
      const described = describe();
      return isPending(described) ? described.then(report) : report(described);
    },
    genuine() {
      genuine += 1;
    },
    close() {
      for (const [name, kind] of kinds) if (kind.left > 0) reportCount(name, kind);
      kinds.clear();
    },
  };
}

function nextPeriod({ periodMs }: Kind): number {
  return doubled(periodMs, 1, LONGEST_MS);
}

/** Failures that anyone can cause without the secret, as often as they like. */
const OF_ANYBODY: ReadonlySet<ErrorCode> = new Set([
  'invalid_signature',
  'verification_undecided',
  'body_too_large',
  'body_timeout',
  'body_aborted',
  'overloaded',
  'body_consumed',
]);

/** Under which name a failure is counted with others of its kind; `undefined` for one that is reported by itself. */
function kindOf(code: ErrorCode): ErrorCode | undefined {
  return OF_ANYBODY.has(code) ? code : undefined;
}
