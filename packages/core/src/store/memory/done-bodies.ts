import { createLine } from './line.js';
import { forgetBody, type Entry } from './entry.js';

/** The bodies of what is done, kept for operators who replay it: the newest ones, as many as fit. */
export interface DoneBodies {
  add(entry: Entry): void;
}

/** Keeps at most `maxBytes` of bodies; older ones go first. */
export function createDoneBodies(maxBytes: number): DoneBodies {
  const line = createLine<{ readonly entry: Entry; readonly raw: Uint8Array }>();
  let bytes = 0;
  return {
    add(entry) {
      const { raw } = entry.delivery;
      if (raw.length > maxBytes) {
        forgetBody(entry);
        return;
      }
      line.push({ entry, raw });
      bytes += raw.length;
      while (bytes > maxBytes) {
        const oldest = line.shift();
        if (oldest === undefined) return;
        bytes -= oldest.raw.length;
        // One that was replayed meanwhile needs its body; it comes here again when it is done again.
        if (oldest.entry.state === 'done' && oldest.entry.delivery.raw === oldest.raw)
          forgetBody(oldest.entry);
      }
    },
  };
}
