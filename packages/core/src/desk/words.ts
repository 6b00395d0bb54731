import { markup, type Markup } from './markup.js';

/** How long something takes or took: `0.4 ms`, `180 ms`, `2.5 s`, `3 min`, `2 h`, `5 d`. */
export function duration(ms: number): string {
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${Number((ms / 1_000).toFixed(1))} s`;
  if (ms < 60_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} d`;
}

/** A moment in UTC, to the second, and how far it is from now. */
export function moment(at: number, now: number): Markup {
  if (!Number.isFinite(at) || Math.abs(at) > 8.64e15) return markup`<span>at no time</span>`;
  const iso = new Date(at).toISOString();
  const shown = `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
  return markup`<time datetime="${iso}">${shown}</time> <span class="quiet">${away(at, now)}</span>`;
}

/** A moment as `2 min ago` or `in 30 s`. */
export function away(at: number, now: number): string {
  const ms = Math.abs(now - at);
  if (ms < 1_000) return 'now';
  return at <= now ? `${duration(ms)} ago` : `in ${duration(ms)}`;
}

/** A number with its thousands apart. */
export function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** `1 delivery`, `2,300 deliveries`. */
export function deliveries(number: number, orMore = false): string {
  return `${count(number)}${orMore ? ' or more' : ''} ${number === 1 && !orMore ? 'delivery' : 'deliveries'}`;
}

/** The first line of a text, cut where it is longer than `most`. */
export function firstLine(text: string, most: number): string {
  const line = text.split('\n', 1)[0] ?? '';
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
