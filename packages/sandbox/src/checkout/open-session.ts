import type { Machine } from '../machine.js';
import type { Session, SessionTerms } from '../state/session.js';
import { expireSession } from './expire-session.js';

const MINUTE_MS = 60_000;
const LINK_LIFE_MINUTES = 24 * 60;

/** Opens a session on the merchant's terms; it expires by itself when its link's life is over. */
export function openSession(machine: Machine, terms: SessionTerms): Session {
  const { ids, sessions, settings, url, timers } = machine;
  const uuid = `${terms.kind === 'payment' ? 'pay' : 'sub'}@${ids.uuid()}`;
  const createdAt = settings.clock.now();
  const lifeMs = (terms.expiresInMinutes ?? LINK_LIFE_MINUTES) * MINUTE_MS;
  const session: Session = {
    uuid,
    link: `${url}/checkout/${encodeURIComponent(uuid)}`,
    terms,
    status: 'created',
    createdAt,
    expiresAt: createdAt + lifeMs,
    ...(terms.customerUuid === undefined ? {} : { customerUuid: terms.customerUuid }),
  };
  sessions.save(session);
  timers.after(lifeMs, () => {
    if (sessions.find(uuid)?.status === 'created') expireSession(machine, uuid);
  });
  return session;
}
