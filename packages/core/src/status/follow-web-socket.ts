import { type RawData, WebSocket } from 'ws';
import type { TransactionReference } from '../api/transaction-ids.js';
import type { TransactionStatusReport } from '../api/transactions.js';
import type { StatusChannel } from '../protocol/generation.js';

/** Where the status channel is, and whom to follow. */
export interface WebSocketOptions {
  readonly channel: StatusChannel;
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
 * Follows the channel's WebSocket until it closes. Resolves with whether it said anything that could be read: newer servers
 * refuse everyone but QBitFlow's own page, and then polling is all there is. Never rejects.
 */
export async function followWebSocket(options: WebSocketOptions): Promise<boolean> {
  const { channel, baseUrl, apiKey, reference, signal } = options;
  return new Promise<boolean>((resolve) => {
    let spoke = false;
    const socket = new WebSocket(channel.url(baseUrl, reference), {
      headers: apiKey === undefined ? {} : { 'x-api-key': apiKey },
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: LARGEST_MESSAGE_BYTES,
      perMessageDeflate: false,
      followRedirects: false,
    });
    const stop = (): void => socket.terminate();
    signal.addEventListener('abort', stop, { once: true });
    socket.on('message', (data) => {
      const report = channel.read(textOf(data), reference.uuid);
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

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8');
}
