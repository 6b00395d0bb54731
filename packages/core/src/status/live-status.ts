import type { TransactionStatusReport } from '../api/transactions.js';
import { inBackground } from '../clock.js';
import type { Settings } from '../options.js';
import type { NewDelivery } from '../store/durable-store.js';
import { followWebSocket } from './follow-web-socket.js';
import type { ReportListener, StatusQueries } from './queries.js';
import { createStatusHub, type StatusHub } from './status-hub.js';
import { watchUpstream } from './watch-upstream.js';

/** The hub of a kit, fed by the API and by the deliveries that are recorded. */
export interface LiveStatus {
  readonly hub: StatusHub;
  /** Begins to hear what other processes record; again does nothing. */
  readonly listen: () => void;
  /** A delivery was recorded by this process. */
  readonly recorded: (delivery: NewDelivery) => void;
  readonly close: () => void;
}

/** What live status works with. */
export interface LiveStatusParts {
  readonly queries: StatusQueries;
  /** Told of what the live channel says; `queries` tells of its own reports itself. */
  readonly onReport: ReportListener;
}

/** Live status of the transactions somebody looks at. */
export function createLiveStatus(
  settings: Settings,
  { queries, onReport: onChannelReport }: LiveStatusParts,
): LiveStatus {
  const { clock, store, logger, baseUrl, apiKey, random } = settings;
  const hasChannel = baseUrl.endsWith('/v1');
  const hub = createStatusHub((reference, onAnswer, asker) => {
    listen();
    const onReport = (report: TransactionStatusReport): void => {
      onAnswer({ kind: 'report', report });
      onChannelReport(report, reference);
    };
    return watchUpstream({
      reference,
      asker,
      queries,
      random,
      // Viewers keep themselves alive: those of pages by their sockets, those of a loop while they wait.
      clock: inBackground(clock),
      onAnswer,
      follow: hasChannel
        ? async (signal) => followWebSocket({ baseUrl, apiKey, reference, onReport, signal })
        : undefined,
    });
  });
  let isOver = false;
  let unsubscribe: (() => void) | undefined;
  /** Not before somebody looks or the kit is started: a store may open a connection for it, which holds the process. */
  function listen(): void {
    if (isOver || unsubscribe !== undefined) return;
    try {
      unsubscribe = store.onDue?.(hear);
    } catch (err) {
      logger.warn({ code: 'due_not_heard', err }, 'pages hear of other processes by polling only');
    }
  }
  /** What another process recorded: its subject is all that is known here. */
  function hear(subject: string | undefined): void {
    if (subject === undefined) return;
    queries.news(subject);
    hub.push(subject);
  }
  return {
    hub,
    listen,
    recorded({ subject, type, version }) {
      // A page that asks now must not be told what was true a moment ago.
      const report = reportOf(type, version);
      queries.news(subject, report);
      hub.push(subject, report);
    },
    close() {
      isOver = true;
      unsubscribe?.();
      hub.close();
      queries.close();
    },
  };
}

const STATUS_BY_TYPE: ReadonlyMap<string, TransactionStatusReport['status']> = new Map([
  ['payment.completed', 'completed'],
  ['subscription.created', 'completed'],
  ['checkout.expired', 'expired'],
]);

/** What a verified delivery says by itself; the API is asked about everything else. */
function reportOf(type: string, generation: 'v1' | 'v2'): TransactionStatusReport | undefined {
  const status = STATUS_BY_TYPE.get(type);
  return status === undefined ? undefined : { uuid: '', status, generation };
}
