import type { TypeFilter } from '@qbitflow/core';

/** Which types an operation is about: `wanted_types(from)` reads `mode, how many, names…` from ARGV. */
export const WANTED_TYPES = `
-- Those of the types there are that are wanted (by name, or all but those named), and where the arguments go on.
local function wanted_types(from)
  local only, count = ARGV[from] == 'only', tonumber(ARGV[from + 1])
  local named, kinds = {}, {}
  for i = from + 2, from + 1 + count do named[ARGV[i]] = true end
  for _, kind in ipairs(redis.call('SMEMBERS', TYPES)) do
    if (named[kind] or false) == only then kinds[#kinds + 1] = kind end
  end
  return kinds, from + 2 + count
end
`;

/** A filter as `wanted_types` reads it; none wants all. */
export function typeArguments(types: TypeFilter | undefined): readonly string[] {
  const [mode, names] = filterOf(types);
  return [mode, String(names.length), ...names];
}

function filterOf(
  types: TypeFilter | undefined,
): readonly [mode: string, names: readonly string[]] {
  if (types === undefined) return ['except', []];
  return 'only' in types ? ['only', types.only] : ['except', types.except];
}
