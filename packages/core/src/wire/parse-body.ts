import type { ParseResult } from './parse-result.js';
import { v1ToEvent } from './v1/to-event.js';
import { v2ToEvent } from './v2/to-event.js';

/** Reads a JSON-parsed body as an event of the API generation that signed it. */
export function parseBody(version: 'v1' | 'v2', value: unknown): ParseResult {
  return version === 'v2' ? v2ToEvent(value) : v1ToEvent(value);
}
