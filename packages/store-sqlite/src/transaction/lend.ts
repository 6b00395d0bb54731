import { QBitFlowError } from '@qbitflow/core';
import type { SqliteHandle } from '../driver/handle.js';

/** A connection for as long as a transaction lasts: kept for longer, it would write in the next one's. */
export function lend(handle: SqliteHandle): {
  readonly tx: SqliteHandle;
  readonly takeBack: () => void;
} {
  let isOver = false;
  const tx = new Proxy(handle, {
    get(target, name) {
      if (isOver) throw over();
      const value: unknown = Reflect.get(target, name);
      // Drivers written in C look at what their methods are called on.
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return {
    tx,
    takeBack() {
      isOver = true;
    },
  };
}

function over(): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    'the transaction is over: use its `tx` only inside withTransaction, and await everything you begin there',
  );
}
