// Prints how long it takes to import the module that it is given, ms.
const [module = ""] = process.argv.slice(2);
const startMs = performance.now();
await import(module);
process.stdout.write(String(performance.now() - startMs));
