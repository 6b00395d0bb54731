import type { ApiClient } from '../api/client.js';
import type { ApiRules, GenerationName } from './generation.js';
import { v1ApiRules } from './v1/api-rules.js';
import { v2ApiRules } from './v2/api-rules.js';

const BY_NAME: Readonly<Record<GenerationName, ApiRules>> = { v1: v1ApiRules, v2: v2ApiRules };

/** What the API of a generation's name is asked. */
export function apiRulesNamed(name: GenerationName): ApiRules {
  return BY_NAME[name];
}

/** What the API behind a client is asked. */
export function apiRulesOf({ generation }: Pick<ApiClient, 'generation'>): ApiRules {
  return BY_NAME[generation.name];
}
