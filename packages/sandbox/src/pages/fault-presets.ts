import type { ApiFault } from '../faults/api-fault.js';

/** A fault of the API that one click brings about. */
interface FaultPreset {
  readonly name: string;
  readonly summary: string;
  readonly fault: ApiFault | undefined;
}

/** Those that shops meet; any other is set in code or over HTTP. */
export const faultPresets: readonly FaultPreset[] = [
  { name: 'none', summary: 'the API works', fault: undefined },
  {
    name: 'busy',
    summary: '429, come again in 2 s',
    fault: { status: 429, retryAfterSeconds: 2 },
  },
  { name: 'broken', summary: '500 to everything', fault: { status: 500 } },
  { name: 'away', summary: '503 to everything', fault: { status: 503 } },
  { name: 'slow', summary: 'every answer takes 3 s', fault: { delayMs: 3_000 } },
  { name: 'cut', summary: 'the connection is cut before anything is done', fault: { drop: true } },
  {
    name: 'cut-answer',
    summary: 'it is done, and the answer is cut off',
    fault: { drop: 'answer' },
  },
];

/** Which of them is on; `undefined` for another fault. */
export function presetOf(fault: ApiFault | undefined): string | undefined {
  return faultPresets.find((preset) => isSame(preset.fault, fault))?.name;
}

function isSame(one: ApiFault | undefined, other: ApiFault | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  const { drop = false, ...rest } = other;
  return (
    (one.drop ?? false) === drop &&
    one.status === rest.status &&
    one.retryAfterSeconds === rest.retryAfterSeconds &&
    one.delayMs === rest.delayMs &&
    rest.code === undefined &&
    rest.paths === undefined
  );
}
