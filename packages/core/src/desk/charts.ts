import type { Series, Slot } from './figures.js';
import { markup, type Markup } from './markup.js';
import { count, duration } from './words.js';

const WIDE = { width: 1_080, height: 100 } as const;
const SMALL = { width: 140, height: 26 } as const;

/** Bars of what was done and what failed, with a scale. The figures stand in a table beside it. */
export function throughputChart({ slots, total }: Series, every: string): Markup {
  const { width, height } = WIDE;
  const most = Math.max(1, ...slots.map(({ done, failed }) => done + failed));
  const step = width / slots.length;
  const bars = slots.map((slot, index) => {
    const done = (slot.done / most) * height;
    const failed = (slot.failed / most) * height;
    const x = place(index * step + 1);
    const wide = place(Math.max(1, step - 2));
    return markup`<g><title>${slotTitle(slot)}</title><rect x="${x}" y="0" width="${wide}" height="${height}" fill="none" pointer-events="all"/>${bar('bar', height - done, done)}${bar('bad', height - done - failed, failed)}</g>`;

    function bar(name: string, y: number, high: number): Markup | false {
      return (
        high > 0 &&
        markup`<rect class="${name}" x="${x}" y="${place(y)}" width="${wide}" height="${place(high)}"/>`
      );
    }
  });
  const sum = `${count(total.done)} done, ${count(total.failed)} failed, at most ${count(most)} ${every}`;
  return markup`<p class="scale quiet"><span>${count(most)} ${every}</span></p><svg class="wide" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="Attempts: ${sum}"><line class="axis" x1="0" x2="${width}" y1="${height}" y2="${height}"/>${bars}</svg><p class="scale quiet"><span>${clockOf(slots[0])}</span><span>${clockOf(slots.at(-1))}</span></p>`;
}

/** A type's throughput at a glance. */
export function sparkline({ slots, type }: Series): Markup {
  const most = Math.max(1, ...slots.map(({ done, failed }) => done + failed));
  return small(slots, `Throughput of ${type}`, (slot) => [
    ['bar', slot.done / most],
    ['bad', slot.failed / most],
  ]);
}

/** A type's handler time at a glance: p95, and p50 within it. */
export function timeline({ slots, type, total }: Series): Markup {
  const most = Math.max(1, ...slots.map(({ p95 }) => p95 ?? 0));
  const label = `Handler time of ${type}: half within ${said(total.p50)}, 95 % within ${said(total.p95)}`;
  return small(slots, label, ({ p50 = 0, p95 = 0 }) => [
    ['p50', p50 / most],
    ['p95', (p95 - p50) / most],
  ]);
}

/** Bars of parts that stand on each other, each a share of the height. */
function small(
  slots: readonly Slot[],
  label: string,
  partsOf: (slot: Slot) => readonly (readonly [string, number])[],
): Markup {
  const { width, height } = SMALL;
  const step = width / slots.length;
  const bars = slots.map((slot, index) => {
    let top: number = height;
    return partsOf(slot).map(([name, share]) => {
      if (share <= 0) return undefined;
      const high = Math.max(1, share * height);
      top = Math.max(0, top - high);
      return markup`<rect
        class="${name}"
        x="${place(index * step)}"
        y="${place(top)}"
        width="${place(step * 0.8)}"
        height="${place(high)}"
      />`;
    });
  });
  return markup`<svg
    width="${width}"
    height="${height}"
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-label="${label}"
  >
    <line class="axis" x1="0" x2="${width}" y1="${height - 0.5}" y2="${height - 0.5}" />
    ${bars}
  </svg>`;
}

function slotTitle(slot: Slot): string {
  const { done, failed, received, p95 } = slot;
  const time = p95 === undefined ? '' : `, 95 % within ${said(p95)}`;
  return `${clockOf(slot)}: ${count(received)} received, ${count(done)} done, ${count(failed)} failed${time}`;
}

function clockOf(slot: Slot | undefined): string {
  return slot === undefined ? '' : new Date(slot.from).toISOString().slice(11, 16);
}

function place(pixels: number): string {
  return pixels.toFixed(1);
}

function said(ms: number | undefined): string {
  return ms === undefined ? '–' : duration(ms);
}
