import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { readUpgrade } from './read-upgrade.js';
import { refuseUpgrade } from './refuse-upgrade.js';
import { tellStatus } from './tell-status.js';
import type { Machine } from '../machine.js';

/** v1's WebSocket server, inside the sandbox's HTTP server. */
export interface LiveChannel {
  /** For the HTTP server's `upgrade` event. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** How many WebSockets are open now. */
  readonly openCount: () => number;
  /** Ends all that are open: with a close code, or without one like a server that dies. */
  readonly endAll: (code?: number) => void;
  readonly close: () => void;
}

/** The longest message taken from a client, in bytes: clients have nothing to say. */
const CLIENT_MESSAGE_LIMIT = 1_024;

/** A channel without clients. How it behaves is `machine.webSocketMode`, read at every opening and message. */
export function createLiveChannel(machine: Machine): LiveChannel {
  const server = new WebSocketServer({ noServer: true, maxPayload: CLIENT_MESSAGE_LIMIT });
  const unanswered = new Set<Duplex>();

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A client that breaks off must not end the process.
    socket.on('error', () => socket.destroy());
    const opening = readUpgrade(machine, request);
    if (opening.to === 'refuse') refuseUpgrade(socket, opening.failure);
    else if (opening.to === 'hang') hang(socket);
    else
      server.handleUpgrade(request, socket, head, (client) => {
        client.on('error', () => undefined);
        tellStatus(machine, client, opening.uuid);
      });
  }

  function hang(socket: Duplex): void {
    unanswered.add(socket);
    socket.once('close', () => unanswered.delete(socket));
  }

  function endAll(code?: number): void {
    for (const client of server.clients) end(client, code);
  }

  return {
    upgrade,
    openCount: () => server.clients.size,
    endAll,
    close() {
      endAll();
      for (const socket of unanswered) socket.destroy();
      server.close();
    },
  };
}

function end(client: WebSocket, code?: number): void {
  if (code === undefined) client.terminate();
  else client.close(code);
}
