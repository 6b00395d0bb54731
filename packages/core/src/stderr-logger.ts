import { inBackground, type Clock } from './clock.js';
import { logLine } from './log-line.js';
import { silence, type Logger, type LogMethod, type WriteLine } from './logger.js';

const BRAND = Symbol.for('@qbitflow/stderr-logger');

/** The logger of a kit that was given none. It never throws. */
export interface StderrLogger extends Logger {
  /** Writes at once how many lines were left out. */
  flush(): void;
}

/** What it works with. */
export interface StderrLoggerParts {
  readonly clock: Clock;
  readonly write: WriteLine;
}

const PERIOD_MS = 60_000;
/** So many different messages of one code are written in a period: two handlers may fail, each in its own way. */
const MOST_MESSAGES = 5;
/** Codes are the kit's own. What handlers write without one takes half of the places, so that it hides none of them. */
const MOST_CODES = 200;

interface Period {
  readonly level: 'warn' | 'error';
  readonly messages: Set<string>;
  left: number;
  readonly cancel: () => void;
}

/**
 * Writes warnings and errors, a line each. Of one code a message is written once a minute, and five different ones at
 * most; how many were left out is written when the minute is over.
 */
export function createStderrLogger({ clock, write }: StderrLoggerParts): StderrLogger {
  const periods = new Map<string, Period>();
  const background = inBackground(clock);

  function begin(name: string, level: Period['level']): Period {
    const cancel = background.after(PERIOD_MS, () => {
      end(name);
    });
    const period: Period = { level, messages: new Set(), left: 0, cancel };
    periods.set(name, period);
    return period;
  }

  function end(name: string): void {
    const period = periods.get(name);
    if (period === undefined) return;
    periods.delete(name);
    period.cancel();
    const { level, left } = period;
    if (left > 0)
      attempt(() => write(logLine(level, { code: name }, `… and ${left} more in the last minute`)));
  }

  function nameOf({ code }: Readonly<Record<string, unknown>>, message: string): string {
    const isCode = typeof code === 'string';
    const name = isCode ? code : message;
    const hasPlace = periods.size < (isCode ? MOST_CODES : MOST_CODES / 2);
    return periods.has(name) || hasPlace ? name : 'other';
  }

  function method(level: Period['level']): LogMethod {
    return (facts, message) => {
      attempt(() => {
        const name = nameOf(facts, message);
        const period = periods.get(name) ?? begin(name, level);
        if (period.messages.has(message) || period.messages.size >= MOST_MESSAGES) {
          period.left += 1;
          return;
        }
        period.messages.add(message);
        write(logLine(level, facts, message));
      });
    };
  }

  return Object.defineProperty(
    {
      debug: silence,
      info: silence,
      warn: method('warn'),
      error: method('error'),
      flush() {
        for (const name of periods.keys()) end(name);
      },
    },
    BRAND,
    { value: true },
  );
}

/** There is nowhere left to tell what fails here. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // The line is lost.
  }
}

/** Whether this is the logger of a kit that was given none. */
export function isStderrLogger(logger: Logger): logger is StderrLogger {
  return Reflect.get(logger, BRAND) === true;
}
