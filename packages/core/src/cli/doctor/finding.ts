import { asError, cut } from '../../as-error.js';
import { isQBitFlowError } from '../../errors.js';

/** What is looked at, in this order. */
export const CHECKS = [
  'node',
  'packages',
  'baseUrl',
  'key',
  'clock',
  'endpoint',
  'secret',
  'webhook',
  'kit',
  'publicUrl',
  'store',
  'schema',
  'durable',
  'writable',
  'worker',
  'inbox',
] as const;

/** The name of one check. */
export type CheckName = (typeof CHECKS)[number];

/** `warn` works and should be looked at, `skipped` was not asked. */
export type FindingStatus = 'ok' | 'warn' | 'fail' | 'skipped';

/** What one check came to. */
export interface Finding {
  readonly check: CheckName;
  readonly status: FindingStatus;
  /** What was found; of what is wrong, why. */
  readonly says: string;
  /** What to do about it. Absent where there is nothing to do, or `says` has it. */
  readonly cure?: string | undefined;
}

/** It is well. */
export const ok = (check: CheckName, says: string): Finding => ({ check, status: 'ok', says });
/** It was not asked; `says` is what to give. */
export const skipped = (check: CheckName, says: string): Finding => ({
  check,
  status: 'skipped',
  says,
});
/** It works, and should be looked at. */
export const warn = (check: CheckName, says: string, cure?: string): Finding => ({
  check,
  status: 'warn',
  says,
  cure,
});
/** It must be mended. */
export const fail = (check: CheckName, says: string, cure?: string): Finding => ({
  check,
  status: 'fail',
  says,
  cure,
});

const STATUS_WIDTH = 7;
const CHECK_WIDTH = 9;

/** A finding as one line for people. */
export function lineOf({ check, status, says, cure }: Finding): string {
  const text = cure === undefined ? says : `${says}: ${cure}`;
  return `${status.padEnd(STATUS_WIDTH)}  ${check.padEnd(CHECK_WIDTH)} ${text}`;
}

/** How many failed, should be looked at and were skipped, as the last line for people. */
export function summaryOf(findings: readonly Finding[]): string {
  const parts = (['fail', 'warn', 'skipped'] as const).flatMap((status) => {
    const count = findings.filter((finding) => finding.status === status).length;
    return count === 0 ? [] : [`${count} ${SUMMARY[status]}`];
  });
  return parts.length === 0 ? 'all is well' : parts.join(', ');
}

const SUMMARY = { fail: 'failed', warn: 'to look at', skipped: 'skipped' } as const;

const LONGEST_QUOTE = 200;

/** Text that another server or package says, on one line and not too long. */
export function quoted(text: string): string {
  // oxlint-disable-next-line no-control-regex -- a terminal would obey them
  return cut(text.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ').trim(), LONGEST_QUOTE);
}

/** The code that Node or a driver gives an error, or what caused it; else what is said at the end of its causes. */
export function codeOf(error: unknown): string {
  const code: unknown = Reflect.get(Object(error), 'code');
  if (typeof code === 'string' && !isQBitFlowError(error)) return code;
  const cause: unknown = Reflect.get(Object(error), 'cause');
  return cause === undefined || cause === null ? quoted(asError(error).message) : codeOf(cause);
}
