import { createDiagnostics, type Diagnostics } from '../../../../src/diagnostics.js';

/** Diagnostics that fail the test when something is logged: nothing a customer sends is worth a line. */
export function silentDiagnostics(): Diagnostics {
  const fail = (): never => {
    throw new Error('nothing is to be logged');
  };
  return createDiagnostics({ debug: fail, info: fail, warn: fail, error: fail });
}
