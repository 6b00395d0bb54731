import { BoundedMap } from './bounded-map.js';
import type { Listeners } from './listeners.js';
import type { Session } from './session.js';

/** Every session of this sandbox, by id and by the merchant's reference. */
export interface Sessions {
  /** Finds a session by its id, or by the bare UUID that old links carry. */
  readonly find: (uuid: string) => Session | undefined;
  /** The session that holds a reference: until it expires unpaid. */
  readonly findHolder: (reference: string) => Session | undefined;
  /** Keeps a new session, or a changed one in place of what it was. */
  readonly save: (session: Session) => void;
  /** Oldest first. */
  readonly list: () => Session[];
}

/** An empty registry that keeps the last `limit` sessions and tells of every change. */
export function createSessions(limit: number, listeners: Listeners<Session>): Sessions {
  const references = new Map<string, string>();
  const byUuid = new BoundedMap<Session>(limit, (session) => {
    const { reference = '' } = session.terms;
    if (references.get(reference) === session.uuid) references.delete(reference);
  });

  const find = (uuid: string): Session | undefined =>
    byUuid.get(uuid) ?? byUuid.get(`pay@${uuid}`) ?? byUuid.get(`sub@${uuid}`);

  return {
    find,
    findHolder(reference) {
      const session = find(references.get(reference) ?? '');
      return session?.status === 'expired' ? undefined : session;
    },
    save(session) {
      byUuid.set(session.uuid, session);
      if (session.terms.reference !== undefined)
        references.set(session.terms.reference, session.uuid);
      listeners.tell(session);
    },
    list: () => byUuid.values(),
  };
}
