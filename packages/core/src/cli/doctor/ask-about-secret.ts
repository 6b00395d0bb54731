import { isApiError } from '../../api/api-error.js';
import type { ApiClient } from '../../api/client.js';
import { apiRulesOf } from '../../protocol/api-rules.js';
import { signProbe } from './sign-probe.js';

/** What the API is asked about. */
export interface SecretQuestion {
  readonly secrets: readonly string[];
  /** By the API's clock, in ms since 1970: what is signed long ago is genuine for nobody. */
  readonly nowMs: number;
  /** Whose secret it should be, where the generation has one for each endpoint. */
  readonly endpointUuid: string | undefined;
}

/** Whether the API would sign with any of these secrets. Rejects with `ApiError` where it does not say. */
export async function isSecretOfApi(
  api: ApiClient,
  { secrets, nowMs, endpointUuid }: SecretQuestion,
): Promise<boolean> {
  const { generation } = api;
  for (const secret of secrets) {
    // oxlint-disable-next-line no-await-in-loop -- one of them is nearly always enough
    const probe = await signProbe({ names: [generation.name], secrets: [secret], nowMs });
    const body = { kind: 'bytes', bytes: probe.body } as const;
    const question = apiRulesOf(api).remoteQuestion({ headers: probe.headers, body }, endpointUuid);
    try {
      // oxlint-disable-next-line no-await-in-loop -- as above
      question.assertGenuine(await api.request(question.request));
      return true;
    } catch (error) {
      if (!isApiError(error) || !question.isRefusal(error)) throw error;
    }
  }
  return false;
}
