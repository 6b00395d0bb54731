import { generationOfBody } from './body-generation.js';
import type { Generation } from './generation.js';
import type { ParseResult } from './parse-result.js';
import { v1ToEvent } from './v1/to-event.js';
import { v2ToEvent } from './v2/to-event.js';

/** What a body says, and which generation's body it is. */
export interface BodyReading {
  readonly version: Generation;
  readonly parsed: ParseResult;
}

/**
 * Reads a JSON-parsed body as an event of the generation its shape tells. `presumed` says which one to complain in the
 * name of when it has neither shape; it never decides how a body is understood.
 */
export function readBody(presumed: Generation, value: unknown): BodyReading {
  const version = generationOfBody(value) ?? presumed;
  return { version, parsed: version === 'v2' ? v2ToEvent(value) : v1ToEvent(value) };
}

/** What a body says. */
export function parseBody(presumed: Generation, value: unknown): ParseResult {
  return readBody(presumed, value).parsed;
}
