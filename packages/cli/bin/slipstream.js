#!/usr/bin/env -S MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=1048576 node --max-semi-space-size=4 --heap-growing-percent=100 --no-allocation-site-pretenuring
// Without the flags, garbage takes some hundred MiB of memory before Node looks for it. Without the variables, which glibc reads, the
// memory of large request bodies is not given back to the system. If the heap may grow by 30 % only, half of the time goes into looking
// for garbage (docs/performance.md#capacity). Spans live for some milliseconds, which Node takes for long: if it may guess, it makes them
// where garbage is dear to find.
// Starts the CLI from dist/. In a checkout whose sources have changed since dist/ was built: from the TypeScript sources.
import { existsSync } from "node:fs";
import module from "node:module";
import { fileURLToPath } from "node:url";
import v8 from "node:v8";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 24 || (major === 24 && minor < 11)) {
  console.error(
    `slipstream needs Node 24.11 or later, this is ${process.version}. ` +
      "In a checkout, `npx slipstream ...` uses the Node that `npm ci` installed.",
  );
  process.exit(2);
}

// The main thread has its heap by now. Others ask for less, and the flag would win over what they ask for.
v8.setFlagsFromString("--max-semi-space-size=0");

const source = new URL("../src/cli.main.ts", import.meta.url);
const builtPath = new URL("../../../packaging/built.js", import.meta.url);

async function runsFromSource() {
  if (!existsSync(source) || source.pathname.includes("/node_modules/")) return false;
  if (!existsSync(builtPath)) return true;
  const { isBuilt } = await import(builtPath.href);
  return !isBuilt(fileURLToPath(new URL("../../../", import.meta.url)));
}

if (await runsFromSource()) {
  module.registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: ["slipstream-source", ...context.conditions] }),
  });
  await import(source.href);
} else {
  await import(new URL("../dist/cli.main.js", import.meta.url).href);
}
