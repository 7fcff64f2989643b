import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { allParts } from "../../parts/list.ts";
import { endLeftovers } from "../../run/leftovers.ts";
import { runFolder } from "../../run/run-folder.ts";

// Its standard input ends when the process that started it has ended, in whatever way.
const [folder = ""] = process.argv.slice(2);
process.stdin.resume();
await once(process.stdin, "end");
await endLeftovers(runFolder(join(folder, "data")), allParts);
rmSync(folder, { recursive: true, force: true });
