import { unknownName } from '../errors.js';

const SUMMARIES = {
  on: 'works: the status at once, then every change, closed with 1000 when it is final',
  refuse: 'the upgrade is refused with 403, as newer servers refuse all but their own page',
  absent: 'there is no such route: 404',
  hang: 'the upgrade is never answered',
  silent: 'opens, answers pings, and never sends anything',
  nonsense: 'sends what is no status: no JSON, wrong types, bytes, another payment',
  drop: 'the connection dies after every first message',
  'close-early': 'closes with 1000 after the first message, final or not',
} as const satisfies Record<string, string>;

/** How v1's WebSocket behaves. */
export type WebSocketMode = keyof typeof SUMMARIES;

/**
 * Every mode with its one-line summary.
 * @example
 * ```js
 * import { webSocketModeSummaries } from '@qbitflow/sandbox';
 *
 * for (const [mode, summary] of Object.entries(webSocketModeSummaries)) console.log(mode, summary);
 * ```
 */
export const webSocketModeSummaries: readonly {
  readonly name: string;
  readonly summary: string;
}[] = Object.entries(SUMMARIES).map(([name, summary]) => ({ name, summary }));

/**
 * Whether `name` is a mode. Never throws.
 * @example
 * ```js
 * import { isWebSocketMode } from '@qbitflow/sandbox';
 *
 * console.assert(!isWebSocketMode('sometimes'));
 * ```
 */
export function isWebSocketMode(name: string): name is WebSocketMode {
  return Object.hasOwn(SUMMARIES, name);
}

/** The mode of a name. Throws `misconfigured`, listing the known names, when there is none. */
export function webSocketModeNamed(name: string): WebSocketMode {
  if (isWebSocketMode(name)) return name;
  throw unknownName('WebSocket mode', name, Object.keys(SUMMARIES));
}
