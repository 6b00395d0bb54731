import { type RawData, WebSocket } from 'ws';
import { nameOfId, type TransactionReference, transactionTypeOf } from '../api/transaction-ids.js';
import { parseStatusReport, type TransactionStatusReport } from '../api/transactions.js';

/** Where v1's status channel is, and whom to follow. */
export interface WebSocketOptions {
  /** The API's base URL; its v1 half is used. */
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly reference: TransactionReference;
  readonly onReport: (report: TransactionStatusReport) => void;
  /** Closes the channel. */
  readonly signal: AbortSignal;
}

const HANDSHAKE_MS = 10_000;
const LARGEST_MESSAGE_BYTES = 65_536;

/**
 * Follows v1's WebSocket until it closes. Resolves with whether it said anything that could be read: newer servers
 * refuse everyone but QBitFlow's own page, and then polling is all there is. Never rejects.
 */
export async function followWebSocket(options: WebSocketOptions): Promise<boolean> {
  const { apiKey, signal } = options;
  return new Promise<boolean>((resolve) => {
    let spoke = false;
    const socket = new WebSocket(channelUrl(options), {
      headers: apiKey === undefined ? {} : { 'x-api-key': apiKey },
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: LARGEST_MESSAGE_BYTES,
      perMessageDeflate: false,
      followRedirects: false,
    });
    const stop = (): void => socket.terminate();
    signal.addEventListener('abort', stop, { once: true });
    socket.on('message', (data) => {
      const report = readMessage(data, options.reference.uuid);
      if (report === undefined || signal.aborted) return;
      spoke = true;
      options.onReport(report);
    });
    // A failed handshake is followed by `close` as well.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      signal.removeEventListener('abort', stop);
      resolve(spoke);
    });
    if (signal.aborted) stop();
  });
}

function channelUrl({ baseUrl, reference }: WebSocketOptions): URL {
  const url = new URL(`${baseUrl.slice(0, -2)}v1/transaction/status/ws`);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.searchParams.set('txUUID', reference.uuid);
  url.searchParams.set('txType', transactionTypeOf(reference));
  return url;
}

/** A status, or `undefined` for errors (404: not started yet), other transactions and nonsense. */
function readMessage(data: RawData, uuid: string): TransactionStatusReport | undefined {
  try {
    const message: unknown = JSON.parse(textOf(data));
    if (typeof message !== 'object' || message === null) return undefined;
    const { transactionUUID, status }: { transactionUUID?: unknown; status?: unknown } = message;
    if (typeof status !== 'object' || status === null) return undefined;
    if (typeof transactionUUID === 'string' && nameOfId(transactionUUID) !== nameOfId(uuid))
      return undefined;
    return parseStatusReport(status, { uuid, generation: 'v1' });
  } catch {
    return undefined;
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8');
}
