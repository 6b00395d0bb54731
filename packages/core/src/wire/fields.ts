import { z } from 'zod';

/**
 * The kinds of field both generations' bodies are made of. Servers drop zero values, so each may be absent or null;
 * a value of another JSON type is refused. None converts anything.
 */
export const text = z.string().nullish();
/** A JSON number. */
export const number = z.number().nullish();
/** `true` or `false`. */
export const flag = z.boolean().nullish();
/** An amount that servers send either as a number or as a decimal string. */
export const numberOrText = z.union([z.number(), z.string()]).nullish();
/** A list of currency ids. */
export const ids = z.array(z.number()).nullish();
/** An object whose fields this kit does not look at. */
export const anyObject = z.looseObject({}).nullish();
