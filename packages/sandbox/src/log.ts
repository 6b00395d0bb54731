import { asError, type Logger } from '@qbitflow/core';

/** Every line that the sandbox writes, by stable code: its level and its sentence. */
const LINES = {
  response_failed: ['error', 'the sandbox failed to answer'],
  request_failed: ['error', 'a sandbox request failed'],
  api_request_failed: ['error', 'an API request failed'],
  listener_failed: ['error', 'a sandbox listener threw'],
  delivery_failed: ['error', 'not delivered'],
  due_failed: ['error', 'what was due did not happen'],
  redelivery_failed: ['warn', 'not redelivered'],
  no_webhook_url: ['warn', 'no webhook URL is set: only logged'],
} as const satisfies Record<string, readonly [keyof Logger, string]>;

/** What a line is about; `err` is what was thrown, as loggers expect it. */
export interface LogFacts {
  readonly err?: unknown;
  /** Of an event. */
  readonly type?: string;
}

/** A line's stable code. */
export type LogCode = keyof typeof LINES;

/** Writes the line of a code. */
export type Log = (code: LogCode, facts: LogFacts) => void;

/** The sandbox's lines, written to `logger`. */
export function createLog(logger: Logger): Log {
  return (code, facts) => {
    const [level, message] = LINES[code];
    const readable = 'err' in facts ? { ...facts, err: asError(facts.err) } : facts;
    logger[level]({ code, ...readable }, message);
  };
}
