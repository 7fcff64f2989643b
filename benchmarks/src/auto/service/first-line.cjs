// A service that says what it took until its first line, and does nothing else. Arguments: packages that it loads first.
for (const name of process.argv.slice(2)) require(name);
const wallMs = performance.now();
const { user, system } = process.cpuUsage();
process.stdout.write(`${JSON.stringify({ cpuMs: (user + system) / 1_000, wallMs })}\n`);
