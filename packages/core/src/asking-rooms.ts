import { shareReads } from './api/client.js';
import type { TransactionReference } from './api/transaction-ids.js';
import { getStatus, type TransactionStatusReport } from './api/transactions.js';
import type { CheckoutTerms } from './checkout/params.js';
import type { CheckoutSession } from './checkout/session.js';
import type { CustomerRooms } from './customer-requests.js';
import type { Looks } from './recovery/looks.js';
import {
  createTransactionRecorder,
  type TransactionRecorder,
} from './recovery/record-transaction.js';
import { recover, type RecoverOptions, type RecoveryReport } from './recovery/recover.js';
import { createDetails } from './return-page/details.js';
import type { Runtime } from './runtime.js';
import { createLiveStatus } from './status/hub.js';
import type { TransactionNews } from './status/news.js';
import { createStatusQueries } from './status/queries.js';
import { createWatchStatus, type WatchStatus } from './status/watch-status.js';

/** What is there before any of it is loaded: the way into the inbox, and what deliveries tell. */
export interface AskingBasis {
  readonly looks: Looks;
  readonly news: TransactionNews;
}

/** All of a kit that asks the API where transactions stand. */
export interface AskingRooms
  extends CustomerRooms, Pick<TransactionRecorder, 'recheck' | 'pending'> {
  readonly getStatus: (
    reference: TransactionReference,
  ) => Promise<TransactionStatusReport | undefined>;
  readonly watchStatus: WatchStatus;
  readonly recover: (options: RecoverOptions) => Promise<RecoveryReport>;
  /** Remembers a session that this process has opened. */
  readonly rememberCheckout: (session: CheckoutSession, terms: CheckoutTerms) => void;
  close(): void;
}

/** The rooms of one kit. This file is loaded when the first of them is entered. */
export function createAskingRooms(runtime: Runtime, { looks, news }: AskingBasis): AskingRooms {
  const { api, clock } = runtime;
  const pageApi = shareReads(api, clock);
  const { onReport, recheck, pending } = createTransactionRecorder(runtime, looks, pageApi);
  const queries = createStatusQueries(runtime, { onReport, delivered: news.heard });
  const details = createDetails(runtime, pageApi);
  const hub = createLiveStatus(runtime, queries, { news, onReport });
  return {
    queries,
    hub,
    details,
    recheck,
    pending,
    getStatus: async (reference) => getStatus(api, reference),
    watchStatus: createWatchStatus(hub),
    recover: async (options) => recover(runtime, looks, options),
    rememberCheckout(session, terms) {
      queries.vouch(session.uuid);
      details.rememberCheckout(session, terms);
    },
    close() {
      hub.close();
      queries.close();
    },
  };
}
