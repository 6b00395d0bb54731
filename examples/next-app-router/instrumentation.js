export async function register() {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { qbitflow } = await import('./lib/qbitflow.mjs');
  void qbitflow().start();
}
