import type { GenerationName, SignatureClues } from './generation.js';
import { v1Clues } from './v1/signature-clues.js';
import { v2Clues } from './v2/signature-clues.js';

const BY_NAME: Readonly<Record<GenerationName, SignatureClues>> = { v1: v1Clues, v2: v2Clues };

/** What the signatures of a generation's name tell. */
export function cluesNamed(name: GenerationName): SignatureClues {
  return BY_NAME[name];
}
