import { QBitFlowError } from '../errors.js';
import { createQBitFlow } from '../qbitflow.js';
import { silentLogger, type Logger } from '../logger.js';
import type { DurableStore } from '../store/durable-store.js';

/** What recovering needs of the surroundings. */
export interface Recovery {
  readonly store: DurableStore;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly write: (line: string) => void;
  /** For what somebody should know. */
  readonly complain: (line: string) => void;
  /** Ms since 1970. */
  readonly now: number;
}

const HOUR_MS = 3_600_000;

/** Walks the event log back to `since` and says what was found. */
export async function recoverCommand(recovery: Recovery, since: string): Promise<number> {
  return withKit(recovery, async (kit) => {
    const found = await kit.recover({ since: timeOf(since, recovery.now) });
    const { seen, recorded, known, tooOld } = found;
    const left = tooOld === undefined ? '' : `, ${tooOld} older than the store's memory and left`;
    recovery.write(`${seen} events seen, ${recorded} recorded, ${known} known${left}`);
    return 0;
  });
}

/** Asks about one transaction and says what became of it. */
export async function recheckCommand(
  recovery: Recovery,
  reference: { readonly uuid: string; readonly type?: string | undefined },
): Promise<number> {
  return withKit(recovery, async (kit) => {
    const outcome = await kit.recheck(reference);
    recovery.write(`${reference.uuid}: ${outcome?.status ?? 'nothing final to record'}`);
    return 0;
  });
}

/** The handlers are in another process: this one records only. */
async function withKit(
  { store, env, complain }: Recovery,
  work: (kit: ReturnType<typeof createQBitFlow>) => Promise<number>,
): Promise<number> {
  const apiKey = env['QBITFLOW_API_KEY'];
  if (apiKey === undefined || apiKey === '')
    throw new QBitFlowError('misconfigured', 'set QBITFLOW_API_KEY: the API is asked with it');
  const baseUrl = env['QBITFLOW_BASE_URL'] || undefined;
  const logger: Logger = {
    ...silentLogger,
    warn({ code }, message) {
      // Said by the process that runs the handlers.
      if (code !== 'store_forgets') complain(message);
    },
  };
  const asking = { apiKey, baseUrl, webhookSecret: false } as const;
  return work(createQBitFlow({ ...asking, store, logger, processing: 'elsewhere' }));
}

function timeOf(since: string, now: number): string | number {
  const hours = /^(\d+)h$/.exec(since)?.[1];
  return hours === undefined ? since : now - Number(hours) * HOUR_MS;
}
