const silent = () => undefined;

/** The kit's warnings and errors, one JSON line each on stderr. */
export const stderrLogger = {
  debug: silent,
  info: silent,
  warn: (facts, message) => print('warn', facts, message),
  error: (facts, message) => print('error', facts, message),
};

function print(level, { err, ...facts }, message) {
  console.error(JSON.stringify({ level, ...facts, reason: err?.message, message }));
}
