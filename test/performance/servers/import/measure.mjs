// What importing costs a process that has loaded nothing else: `<module> …` in turn, told of each by itself.
const costs = [];
for (const module of process.argv.slice(2)) {
  const before = process.cpuUsage();
  const start = performance.now();
  await import(module);
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  costs.push({ module, cpuMs: (user + system) / 1000, ms });
}
process.send(costs, () => process.exit(0));
