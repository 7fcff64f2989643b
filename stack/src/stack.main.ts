import { join } from "node:path";
import { cacheFolder } from "./cache-folder.ts";
import { runCommand } from "./commands/run.ts";
import { allParts } from "./parts/list.ts";
import { printedProgress } from "./progress.ts";

process.exitCode = await runCommand(process.argv.slice(2), {
  all: allParts,
  repository: join(import.meta.dirname, "../.."),
  cache: cacheFolder(),
  progress: printedProgress(),
});
