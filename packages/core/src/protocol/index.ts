import { headerOf, type HttpHeaders } from '../http/http.js';
import { type Generation, GENERATION_NAMES, type GenerationName } from './generation.js';
import { isJsonObject } from './json.js';
import type { ParseResult } from './parse-result.js';
import { v1 } from './v1/index.js';
import { v2 } from './v2/index.js';

/** The newest generation: events have its names, and what the kit looks up by itself is recorded in its form. */
export const NEWEST: Generation = v2;

const BY_NAME: Readonly<Record<GenerationName, Generation>> = { v1, v2 };

/** Every generation, in the order in which they are tried. */
export const GENERATIONS: readonly Generation[] = GENERATION_NAMES.map((name) => BY_NAME[name]);

/** The generation of a name. */
export function generationNamed(name: GenerationName): Generation {
  return BY_NAME[name];
}

/** The generation that a base URL ends in. */
export function generationOfUrl(baseUrl: string): Generation | undefined {
  return GENERATIONS.find(({ name }) => baseUrl.endsWith(`/${name}`));
}

/**
 * What the sender says the body is, else whose signature it has. Good for naming what cannot be read: the header is
 * not signed, so it has no say in how a body is understood.
 */
export function presumedGeneration(headers: HttpHeaders, signedBy: GenerationName): GenerationName {
  const said = headerOf(headers, 'qbitflow-webhook-version');
  return GENERATION_NAMES.find((name) => name === said) ?? signedBy;
}

/**
 * The generation a JSON-parsed body belongs to, by its shape alone, or `undefined` for none. Nothing unsigned has a say:
 * whoever adds or renames headers must not choose how a body is read.
 */
export function generationOfBody(value: unknown): Generation | undefined {
  return isJsonObject(value) ? GENERATIONS.find(({ isBody }) => isBody(value)) : undefined;
}

/** What a body says, and which generation's body it is. */
export interface BodyReading {
  readonly version: GenerationName;
  readonly parsed: ParseResult;
}

/**
 * Reads a JSON-parsed body as an event of the generation its shape tells. `presumed` says which one to complain in the
 * name of when it has the shape of none; it never decides how a body is understood.
 */
export function readBody(presumed: GenerationName, value: unknown): BodyReading {
  const generation = generationOfBody(value) ?? generationNamed(presumed);
  return { version: generation.name, parsed: generation.toEvent(value) };
}
