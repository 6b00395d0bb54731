import type { Logger } from '@qbitflow/core';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly facts: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** A logger that keeps what it is told. */
export interface CollectingLogger extends Logger {
  readonly lines: LogLine[];
  /** The lines with this stable code. */
  withCode(code: string): LogLine[];
}

export function collectingLogger(): CollectingLogger {
  const lines: LogLine[] = [];
  const method =
    (level: LogLine['level']) => (facts: Readonly<Record<string, unknown>>, message: string) => {
      lines.push({ level, facts, message });
    };
  return {
    lines,
    withCode: (code) => lines.filter(({ facts }) => facts['code'] === code),
    debug: method('debug'),
    info: method('info'),
    warn: method('warn'),
    error: method('error'),
  };
}
