/** Why something failed, as SQLite can keep it: text ends at the first NUL character when some drivers read it back. */
export function reasonText(error: string): string {
  return error.replaceAll('\0', '\uFFFD');
}
