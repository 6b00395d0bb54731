import type { Logger } from '@qbitflow/core';

/** A logger that keeps the codes it is told, and says when one comes. */
export interface CollectingLogger extends Logger {
  readonly codes: unknown[];
}

export function collectingLogger(): CollectingLogger {
  const codes: unknown[] = [];
  const keep = (facts: Readonly<Record<string, unknown>>) => void codes.push(facts['code']);
  return { codes, debug: keep, info: keep, warn: keep, error: keep };
}
