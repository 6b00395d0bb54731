import type { IncomingMessage } from 'node:http';
import { ApiError } from '../api/api-error.js';
import { checkApiKey } from '../api/require-api-key.js';
import { toApiError } from '../api/to-api-error.js';
import { readStatusQuery } from '../api/v1/read-status-query.js';
import { refusalOf } from '../control/refuse-strangers.js';
import type { Machine } from '../machine.js';

/** What to do with a client that wants a WebSocket. */
export type Opening =
  | { readonly to: 'accept'; readonly uuid: string }
  | { readonly to: 'refuse'; readonly failure: ApiError }
  | { readonly to: 'hang' };

const ROUTE = '/v1/transaction/status/ws';

/** Judges an upgrade request by its path, the mode of the channel, its key and its query, and notes that it came. */
export function readUpgrade(machine: Machine, request: IncomingMessage): Opening {
  const { method = 'GET', url = '/', headers } = request;
  const { settings, requests } = machine;
  const [path, query = ''] = url.split('?', 2);
  const stranger = refusalOf(settings, request, true);
  if (stranger !== undefined) return refuse(new ApiError(403, 'forbidden', stranger));
  if (url.startsWith('/v')) requests.add({ method, path: url, at: settings.clock.now() });
  const mode = machine.webSocketMode.get();
  if (path !== ROUTE || mode === 'absent')
    return refuse(new ApiError(404, 'not_found', `no route ${method} ${path ?? ''}`));
  if (mode === 'hang') return { to: 'hang' };
  if (mode === 'refuse')
    return refuse(new ApiError(403, 'forbidden', 'this channel is for the checkout page only'));
  try {
    checkApiKey(settings.apiKey, String(headers['x-api-key'] ?? ''));
    return { to: 'accept', uuid: readStatusQuery(query) };
  } catch (error) {
    return refuse(toApiError(error));
  }
}

function refuse(failure: ApiError): Opening {
  return { to: 'refuse', failure };
}
