import type { WebSocket } from 'ws';
import type { Machine } from '../machine.js';
import type { Session } from '../state/session.js';
import { statusMessage } from '../wire/v1/status-message.js';
import { talkNonsense } from './talk-nonsense.js';

/** A normal end. */
const NORMAL = 1000;

/** Tells a client how a transaction stands, then every change, until it is final or the client leaves. */
export function tellStatus(machine: Machine, client: WebSocket, uuid: string): void {
  let told = '';
  function tell(session: Session | undefined): void {
    const { text, final } = statusMessage(uuid, session);
    if (text === told || client.readyState !== client.OPEN) return;
    told = text;
    const mode = machine.webSocketMode.get();
    if (mode === 'silent') return;
    if (mode === 'nonsense') {
      talkNonsense(client, uuid);
      return;
    }
    client.send(text, () => {
      if (mode === 'drop') client.terminate();
    });
    if (mode !== 'drop' && (final || mode === 'close-early')) client.close(NORMAL);
  }
  const { sessions, sessionListeners } = machine;
  const id = sessions.find(uuid)?.uuid;
  const stop = sessionListeners.add((session) => {
    if (session.uuid === id) tell(session);
  });
  client.once('close', stop);
  tell(sessions.find(uuid));
}
