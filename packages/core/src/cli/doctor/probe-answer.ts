import * as z from 'zod';
import { lazily } from '../../lazily.js';

/** What the kit behind the URL says of a probe and of itself. Fields of other releases may be missing. */
const answerSchema = lazily(() =>
  z.looseObject({
    probe: z.looseObject({
      id: z.string(),
      signedBy: z.string().optional(),
      body: z.string().optional(),
      signatures: z.array(z.string()).optional(),
      sha256: z.string().optional(),
      nowMs: z.number().optional(),
      store: z.string().optional(),
      durable: z.boolean().optional(),
      mode: z.string().optional(),
      processing: z.string().optional(),
      publicUrl: z.string().optional(),
    }),
  }),
);

/** A kit that answered a probe. */
export type KitFacts = z.infer<ReturnType<typeof answerSchema>>['probe'];

/** What a text tells of the probe with this id; `undefined` where no kit wrote it. */
export function readProbeAnswer(text: string, id: string): KitFacts | undefined {
  const parsed = answerSchema().safeParse(jsonIn(text));
  return parsed.success && parsed.data.probe.id === id ? parsed.data.probe : undefined;
}

/** The `error` that a kit gives as its reason; `undefined` where something else wrote the text. */
export function errorIn(text: string): string | undefined {
  const value = jsonIn(text);
  const error: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, 'error') : undefined;
  return typeof error === 'string' ? error : undefined;
}

/** The JSON of a text, or `undefined`. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
