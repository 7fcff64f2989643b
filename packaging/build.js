// Builds dist/: programs from the sources (bundle.js), and declarations by the compiler. After `npm ci` without checking types, which
// makes it four times as fast (`npm run types` checks them), so that any supported Node can import the packages from a checkout.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { markBuilt, packagesOf } from "./built.js";

const root = fileURLToPath(new URL("../", import.meta.url));
const compiler = join(root, "node_modules/typescript/bin/tsc");
const args = ["--build", "tsconfig.build.json", ...process.argv.slice(2)];

async function build() {
  const { bundlePackage } = await import("./bundle.js");
  const compiling = spawn(process.execPath, [compiler, ...args], { cwd: root, stdio: "inherit" });
  const [[code]] = await Promise.all([once(compiling, "exit"), bundleAll(bundlePackage)]);
  return code ?? 1;
}

async function bundleAll(bundlePackage) {
  for (const folder of packagesOf(root)) await bundlePackage(folder);
}

if (existsSync(compiler)) {
  process.exitCode = await markBuilt(root, build);
} else {
  console.log("TypeScript is not installed (--omit=dev), so nothing was built.");
}
