import { type ApiClient, type ApiClientOptions, createApiClient } from '../../../src/api/client.js';
import { type Clock, systemClock } from '../../../src/clock.js';
import { createDiagnostics } from '../../../src/diagnostics.js';
import type { Logger } from '../../../src/logger.js';
import { generationOfUrl, NEWEST } from '../../../src/protocol/index.js';

export const API_KEY = 'sk_test_0123456789';

export function client(
  baseUrl: string,
  {
    logger = collectingLogger(),
    ...options
  }: Partial<ApiClientOptions> & { readonly logger?: Logger } = {},
): ApiClient {
  return createApiClient({
    apiKey: API_KEY,
    baseUrl,
    apiGeneration: generationOfUrl(baseUrl) ?? NEWEST,
    fetch,
    clock: systemClock,
    random: () => 0,
    diagnostics: createDiagnostics(logger),
    ...options,
  });
}

export interface CollectingLogger extends Logger {
  readonly lines: { level: string; facts: Readonly<Record<string, unknown>>; message: string }[];
}

export function collectingLogger(): CollectingLogger {
  const lines: CollectingLogger['lines'] = [];
  const method = (level: string) => (facts: Readonly<Record<string, unknown>>, message: string) => {
    lines.push({ level, facts, message });
  };
  return {
    lines,
    debug: method('debug'),
    info: method('info'),
    warn: method('warn'),
    error: method('error'),
  };
}

/** Stands still until it is turned. */
export interface HandClock extends Clock {
  advance(ms: number): void;
}

export function handClock(start = 1_790_856_000_000): HandClock {
  let now = start;
  const timers = new Set<{ at: number; callback: () => void }>();
  return {
    now: () => now,
    after(delayMs, callback) {
      const timer = { at: now + delayMs, callback };
      timers.add(timer);
      return () => {
        timers.delete(timer);
      };
    },
    advance(ms) {
      now += ms;
      for (const timer of [...timers].filter(({ at }) => at <= now)) {
        timers.delete(timer);
        timer.callback();
      }
    },
  };
}

/** An attempt's time limit that {@link eagerClock} never lets pass. */
export const NEVER_MS = 77_777;

/** Every wait is over at once and written down; only {@link NEVER_MS} never is. */
export function eagerClock(start = 1_790_856_000_000): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  return {
    waits,
    now: () => start,
    after(delayMs, callback) {
      if (delayMs === NEVER_MS) return () => undefined;
      waits.push(delayMs);
      const timer = setImmediate(callback);
      return () => {
        clearImmediate(timer);
      };
    },
  };
}

/** What a promise rejects with. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it did not reject');
}
