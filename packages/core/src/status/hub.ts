import { nameOfId, transactionTypeOf, type TransactionReference } from '../api/transaction-ids.js';
import type { TransactionStatusReport } from '../api/transactions.js';
import { detached, inThisContext } from '../async-context.js';
import { prefixOf } from '../event/keys.js';
import type { Runtime } from '../runtime.js';
import type { TransactionNews } from './news.js';
import type { Asker, ReportListener, StatusQueries } from './queries.js';
import { isFinal, type StatusAnswer } from './transaction-status.js';
import { watchUpstream, type Upstream } from './upstream.js';

/** Called with every answer about one transaction. */
export type StatusListener = (answer: StatusAnswer) => void;

/** One page, stream or loop that looks at a transaction. */
export interface StatusViewer {
  readonly onAnswer: StatusListener;
  /** The hub is closed: nothing more will come. */
  readonly onClosed: () => void;
}

/** One upstream watcher for each transaction that is looked at, however many look. */
export interface StatusHub {
  /**
   * Calls back with what is known, at once where something is, and with every change. The API is asked in the name of
   * the first who looks. Returns a function that unsubscribes.
   */
  subscribe(reference: TransactionReference, viewer: StatusViewer, asker?: Asker): () => void;
  /** Something has happened to a transaction; `report` is what is known of it already. */
  push(subject: string, report?: TransactionStatusReport): void;
  /** Transactions being watched. */
  readonly watched: number;
  /** Whether it was closed. */
  readonly isClosed: boolean;
  /** Stops every watcher and calls every viewer's `onClosed`. */
  close(): void;
}

/** One transaction under one spelling of its id, for all who look at it: the API is asked for ids verbatim. */
interface Watch {
  readonly reference: TransactionReference;
  readonly viewers: Set<StatusViewer>;
  upstream: Upstream | undefined;
  answer: StatusAnswer | undefined;
}

/** Begins to watch one transaction, in the name of whoever asks. */
export type StartUpstream = (
  reference: TransactionReference,
  onAnswer: StatusListener,
  asker: Asker,
) => Upstream;

/** A hub that watches nothing yet. */
export function createStatusHub(start: StartUpstream): StatusHub {
  const watches = new Map<string, Watch>();
  /** The watches of each transaction, under whatever spelling: deliveries name it in QBitFlow's. */
  const bySubject = new Map<string, Set<Watch>>();
  let isClosed = false;

  function open(key: string, reference: TransactionReference, asker: Asker): Watch {
    const watch: Watch = { reference, viewers: new Set(), upstream: undefined, answer: undefined };
    watches.set(key, watch);
    const name = nameOfId(key);
    const alike = bySubject.get(name);
    if (alike === undefined) bySubject.set(name, new Set([watch]));
    else alike.add(watch);
    // It serves all who look, and goes on when the first of them has left.
    const onAnswer = (answer: StatusAnswer): void => update(watch, answer);
    watch.upstream = detached(() => start(reference, onAnswer, asker));
    return watch;
  }

  function update(watch: Watch, answer: StatusAnswer): void {
    // The last word stands: a late answer of the API must not take a completion back.
    if (watch.answer !== undefined && isFinal(watch.answer)) return;
    // And what is known stands where the API cannot be asked.
    if (watch.answer?.kind === 'report' && answer.kind === 'undecided') return;
    if (isFinal(answer)) watch.upstream?.stop();
    watch.answer = answer;
    for (const { onAnswer } of watch.viewers) onAnswer(answer);
  }

  function leave(key: string, watch: Watch, viewer: StatusViewer): void {
    watch.viewers.delete(viewer);
    if (watch.viewers.size > 0 || watches.get(key) !== watch) return;
    watch.upstream?.stop();
    watches.delete(key);
    const name = nameOfId(key);
    const alike = bySubject.get(name);
    alike?.delete(watch);
    if (alike?.size === 0) bySubject.delete(name);
  }

  function refresh(watch: Watch, report: TransactionStatusReport | undefined): void {
    // A viewer that is called asks for the page at once: what is remembered is older than what has happened.
    watch.upstream?.nudge();
    if (report !== undefined)
      update(watch, { kind: 'report', report: { ...report, uuid: watch.reference.uuid } });
  }

  return {
    subscribe(reference, newcomer, asker = {}) {
      // What it does with an answer belongs to its own request, whoever caused the call.
      const viewer: StatusViewer = {
        onAnswer: inThisContext(newcomer.onAnswer),
        onClosed: inThisContext(newcomer.onClosed),
      };
      if (isClosed) {
        viewer.onClosed();
        return () => undefined;
      }
      const key = keyOf(reference);
      const watch = watches.get(key) ?? open(key, reference, asker);
      watch.viewers.add(viewer);
      if (watch.answer !== undefined) viewer.onAnswer(watch.answer);
      return () => {
        leave(key, watch, viewer);
      };
    },
    push(subject, report) {
      if (watches.size === 0) return;
      for (const watch of bySubject.get(nameOfId(subject)) ?? []) refresh(watch, report);
    },
    get watched() {
      return watches.size;
    },
    get isClosed() {
      return isClosed;
    },
    close() {
      isClosed = true;
      const left = [...watches.values()];
      watches.clear();
      bySubject.clear();
      for (const watch of left) {
        watch.upstream?.stop();
        for (const { onClosed } of watch.viewers) onClosed();
      }
    },
  };
}

/** The id as it is asked for, with the prefix of its kind. Not its name: the API may know it under one spelling only. */
function keyOf(reference: TransactionReference): string {
  const { uuid } = reference;
  return uuid.includes('@') ? uuid : prefixOf(transactionTypeOf(reference)) + uuid;
}

/**
 * The hub of a kit, fed by the API and by what happens. `onReport` is called with what the live channel says; `queries`
 * call it with their own reports themselves.
 */
export function createLiveStatus(
  runtime: Runtime,
  queries: StatusQueries,
  { news, onReport }: { readonly news: TransactionNews; readonly onReport: ReportListener },
): StatusHub {
  const hub = createStatusHub((reference, onAnswer, asker) => {
    news.hearOthers();
    return watchUpstream(runtime, queries, { reference, asker, onAnswer, onReport });
  });
  news.listen((subject, report) => {
    // A page that asks now must not be answered with what was true a moment ago.
    queries.notify(subject, report);
    hub.push(subject, report);
  });
  return hub;
}
