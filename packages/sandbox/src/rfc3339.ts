/** RFC 3339 text, as v2 writes its timestamps, of milliseconds since 1970. */
export function rfc3339(ms: number): string {
  return new Date(ms).toISOString();
}
