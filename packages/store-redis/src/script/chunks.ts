/** Deliveries one script changes: more would keep everybody else waiting. */
const CHUNK = 500;

/** Does up to `limit` of something in short scripts, until one did less than it could; resolves with how many. */
export async function inChunks(
  limit: number,
  work: (most: number) => Promise<number>,
): Promise<number> {
  let done = 0;
  for (let full = true; full && done < limit;) {
    const most = Math.min(CHUNK, limit - done);
    // oxlint-disable-next-line no-await-in-loop -- one short script at a time is the point
    const some = await work(most);
    done += some;
    full = some === most;
  }
  return done;
}
