import type { TransactionStatusReport } from '../api/transactions.js';
import { nameOfId, type TransactionReference, transactionTypeOf } from '../api/transaction-ids.js';
import { detached, inThisContext } from '../async-context.js';
import { prefixOf } from '../event/keys.js';
import { isFinal } from './is-final.js';
import type { Asker, StatusAnswer } from './queries.js';
import type { Upstream } from './watch-upstream.js';

/** Hears every answer about one transaction. */
export type StatusListener = (answer: StatusAnswer) => void;

/** Somebody who looks at a transaction. */
export interface StatusViewer {
  readonly onAnswer: StatusListener;
  /** The hub has let go of everything: nothing more will come. */
  readonly onClosed: () => void;
}

/** One upstream watcher for each transaction that is looked at, however many look. */
export interface StatusHub {
  /**
   * Calls back with what is known, at once where something is, and with every change. The API is asked in the name of
   * the first who looks. Returns how to leave.
   */
  subscribe(reference: TransactionReference, viewer: StatusViewer, asker?: Asker): () => void;
  /** News about a transaction came in another way; `report` is what it says, where that is known. */
  push(subject: string, report?: TransactionStatusReport): void;
  /** Transactions being watched. */
  readonly watched: number;
  /** Whether it has let go of everything, for good. */
  readonly isClosed: boolean;
  /** Lets go of everything and tells the viewers. */
  close(): void;
}

/** Those who look at one transaction under one spelling of its id: the API is asked for ids verbatim. */
interface Room {
  readonly reference: TransactionReference;
  readonly viewers: Set<StatusViewer>;
  upstream: Upstream | undefined;
  answer: StatusAnswer | undefined;
}

/** How a hub watches one transaction, on behalf of whoever asks. */
export type Watch = (
  reference: TransactionReference,
  onAnswer: StatusListener,
  asker: Asker,
) => Upstream;

/** A hub that watches nothing yet. */
export function createStatusHub(watch: Watch): StatusHub {
  const rooms = new Map<string, Room>();
  /** The rooms of each transaction, whatever it is called in them: news names it in QBitFlow's spelling. */
  const bySubject = new Map<string, Set<Room>>();
  let isClosed = false;

  function open(key: string, reference: TransactionReference, asker: Asker): Room {
    const room: Room = { reference, viewers: new Set(), upstream: undefined, answer: undefined };
    rooms.set(key, room);
    const name = nameOfId(key);
    const alike = bySubject.get(name);
    if (alike === undefined) bySubject.set(name, new Set([room]));
    else alike.add(room);
    // It serves all who look, and goes on when the first of them has left.
    const onAnswer = (answer: StatusAnswer): void => tell(room, answer);
    room.upstream = detached(() => watch(reference, onAnswer, asker));
    return room;
  }

  function tell(room: Room, answer: StatusAnswer): void {
    // The last word stands: a late answer of the API must not take a completion back.
    if (room.answer !== undefined && isFinal(room.answer)) return;
    // And what is known stands where the API cannot be asked.
    if (room.answer?.kind === 'report' && answer.kind === 'undecided') return;
    if (isFinal(answer)) room.upstream?.stop();
    room.answer = answer;
    for (const { onAnswer } of room.viewers) onAnswer(answer);
  }

  function leave(key: string, room: Room, viewer: StatusViewer): void {
    room.viewers.delete(viewer);
    if (room.viewers.size > 0 || rooms.get(key) !== room) return;
    room.upstream?.stop();
    rooms.delete(key);
    const name = nameOfId(key);
    const alike = bySubject.get(name);
    alike?.delete(room);
    if (alike?.size === 0) bySubject.delete(name);
  }

  function inform(room: Room, report: TransactionStatusReport | undefined): void {
    // Whoever is told asks for the page at once: what is remembered is older than the news.
    room.upstream?.nudge();
    if (report !== undefined)
      tell(room, { kind: 'report', report: { ...report, uuid: room.reference.uuid } });
  }

  return {
    subscribe(reference, newcomer, asker = {}) {
      // What it does with an answer is its own request's work, whoever brings the news.
      const viewer: StatusViewer = {
        onAnswer: inThisContext(newcomer.onAnswer),
        onClosed: inThisContext(newcomer.onClosed),
      };
      if (isClosed) {
        viewer.onClosed();
        return () => undefined;
      }
      const key = roomOf(reference);
      const room = rooms.get(key) ?? open(key, reference, asker);
      room.viewers.add(viewer);
      if (room.answer !== undefined) viewer.onAnswer(room.answer);
      return () => {
        leave(key, room, viewer);
      };
    },
    push(subject, report) {
      if (rooms.size === 0) return;
      for (const room of bySubject.get(nameOfId(subject)) ?? []) inform(room, report);
    },
    get watched() {
      return rooms.size;
    },
    get isClosed() {
      return isClosed;
    },
    close() {
      isClosed = true;
      const left = [...rooms.values()];
      rooms.clear();
      bySubject.clear();
      for (const room of left) {
        room.upstream?.stop();
        for (const { onClosed } of room.viewers) onClosed();
      }
    },
  };
}

/** The id as it is asked for, with the prefix of its kind. Not its name: the API may know it under one spelling only. */
function roomOf(reference: TransactionReference): string {
  const { uuid } = reference;
  return uuid.includes('@') ? uuid : prefixOf(transactionTypeOf(reference)) + uuid;
}
