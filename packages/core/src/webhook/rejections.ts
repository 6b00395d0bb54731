import { doubled, inBackground } from '../clock.js';
import { QBitFlowError, type ErrorCode } from '../errors.js';
import type { Runtime } from '../runtime.js';

/**
 * Reports requests that anybody on the internet can make be rejected: the first of a kind at once, the rest by their
 * number. So a wrong secret is reported with its first delivery, and strangers cannot page a merchant at will.
 */
export interface Rejections {
  /** `describe` is called only where this one is reported: it may look closely. */
  rejected(kind: string, describe: () => QBitFlowError): void;
  /** A delivery was genuine. */
  genuine(): void;
  /** Reports what was only counted until now. */
  close(): void;
}

const SHORTEST_MS = 60_000;
/** However long strangers go on, a secret that went wrong meanwhile is reported after this. */
const LONGEST_MS = 900_000;

interface Kind {
  readonly code: ErrorCode;
  /** For programs: why the signature was not accepted. */
  readonly reason: unknown;
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
export function createRejections({ clock, errors }: Runtime): Rejections {
  const kinds = new Map<string, Kind>();
  const background = inBackground(clock);
  let genuine = 0;

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
        ? 'no delivery was genuine meanwhile: strangers, or a webhook secret or a mounting that is wrong'
        : `${came === 1 ? '1 delivery was' : `${came} deliveries were`} genuine meanwhile: this came from strangers, or from an endpoint with another secret`;
    const requests = left === 1 ? 'request was' : 'requests were';
    const message = `${left} more ${requests} refused within ${seconds} s (${name.replaceAll('_', ' ')}); ${meaning}`;
    reported(kind);
    const facts = { reason, count: left, genuine: came };
    errors.report(new QBitFlowError(code, message, { facts }), { stage: 'receive', count: left });
  }

  return {
    rejected(name, describe) {
      const now = clock.now();
      const known = kinds.get(name);
      const goesOn = known !== undefined && now - known.seenAt < LONGEST_MS;
      if (goesOn) known.seenAt = now;
      if (goesOn && (known.left > 0 || now - known.reportedAt < known.periodMs)) {
        count(name, known);
        return;
      }
      known?.cancel();
      const error = describe();
      const { code, facts } = error;
      const kind: Kind = {
        code,
        reason: facts['reason'],
        periodMs: goesOn ? nextPeriod(known) : SHORTEST_MS,
        reportedAt: now,
        seenAt: now,
        left: 0,
        genuineBefore: genuine,
        cancel: () => undefined,
      };
      kinds.set(name, kind);
      errors.report(error, { stage: 'receive' });
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

/** Failures that a stranger can cause without having any secret, as often as he likes. */
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
export function kindOf(code: ErrorCode): ErrorCode | undefined {
  return OF_ANYBODY.has(code) ? code : undefined;
}
