import { parseEvent } from '@qbitflow/core';
import type { Generation, Sandbox } from '../../src/index.js';

/** An event of the log, as it was worded. */
export interface LoggedEvent {
  readonly type: string;
  /** RFC 3339. */
  readonly at: string;
  /** v2: the envelope's. v1: the whole body. */
  readonly data: Record<string, unknown>;
}

/** The log of one generation, in its order, but for what came before `from`. */
export function logged(sandbox: Sandbox, version: Generation, from = 0): LoggedEvent[] {
  return sandbox.events
    .filter((event) => event.version === version)
    .slice(from)
    .map(({ type, createdAt, text }) => {
      const body: Record<string, unknown> = Object(JSON.parse(text));
      return {
        type,
        at: new Date(createdAt).toISOString(),
        data: version === 'v2' ? Object(body['data']) : body,
      };
    });
}

/** The same as `<time> <type>`: what happened when. */
export function story(sandbox: Sandbox, version: Generation = 'v2', from = 0): string[] {
  return logged(sandbox, version, from).map(({ type, at }) => `${at.slice(0, 16)} ${type}`);
}

/** Throws for an event that the kit cannot read. */
export function readByTheKit(sandbox: Sandbox): void {
  for (const { version, text } of sandbox.events) {
    const result = parseEvent({ version, body: text });
    if (!result.ok) throw new Error(`${result.problem}: ${text}`);
  }
}
