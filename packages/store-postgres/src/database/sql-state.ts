/** The five characters by which PostgreSQL, or the word by which Node, names an error. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

const SQL_STATE = /^[0-9A-Z]{5}$/;
/** Classes after which the connection cannot be trusted: connection, operator intervention, system, internal. */
const BROKEN = /^(?:08|57P|58|XX)/;

/** Whether the server refused the statement and the connection is as good as before. */
export function isStatementError(error: unknown): boolean {
  const code = codeOf(error);
  return code !== undefined && SQL_STATE.test(code) && !BROKEN.test(code);
}

/** Whether the same statement may well succeed when sent again: serialization failure or deadlock. */
export function isTransient(error: unknown): boolean {
  const code = codeOf(error);
  return code === '40001' || code === '40P01';
}
