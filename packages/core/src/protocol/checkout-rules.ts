import { type CheckoutRules, GENERATION_NAMES, type GenerationName } from './generation.js';
import { v1CheckoutRules } from './v1/checkout-rules.js';
import { v2CheckoutRules } from './v2/checkout-rules.js';

const BY_NAME: Readonly<Record<GenerationName, CheckoutRules>> = {
  v1: v1CheckoutRules,
  v2: v2CheckoutRules,
};

/** Checkouts on every generation, in the order in which they are tried. */
export const ALL_CHECKOUT_RULES: readonly CheckoutRules[] = GENERATION_NAMES.map(
  (name) => BY_NAME[name],
);

/** Checkouts on the generation of a name. */
export function checkoutRulesNamed(name: GenerationName): CheckoutRules {
  return BY_NAME[name];
}
