/**
 * Holds back the store's own statements while a handler's transaction of this process is open. SQLite would make them
 * wait too, but in some drivers by stopping the event loop, on which that transaction depends.
 */
export interface Gate {
  /** Shut for writes, or for everything, where the transaction runs on the store's own connection. */
  shut(what: 'writes' | 'everything'): void;
  open(): void;
  /** Throws while it is shut. */
  pass(what: 'read' | 'write'): void;
}

/** What a statement gets that has to come again. */
export class HeldBack extends Error {}

/** An open gate. */
export function createGate(): Gate {
  let closedTo: 'nothing' | 'writes' | 'everything' = 'nothing';
  return {
    shut(what) {
      closedTo = what;
    },
    open() {
      closedTo = 'nothing';
    },
    pass(what) {
      if (closedTo === 'everything' || (closedTo === 'writes' && what === 'write'))
        throw new HeldBack("a handler's transaction is open");
    },
  };
}
