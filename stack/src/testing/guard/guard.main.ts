import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { stages } from "../../order.ts";
import { allParts } from "../../parts/list.ts";
import { endLeftovers } from "../../run/leftovers.ts";
import { runFolder } from "../../run/run-folder.ts";

// Its standard input ends when the process that started it has ended, in whatever way.
const [folder = ""] = process.argv.slice(2);
process.stdin.resume();
await once(process.stdin, "end");
const order = stages(allParts).flat().reverse();
await endLeftovers(
  runFolder(join(folder, "data")),
  order.map(({ name }) => name),
);
rmSync(folder, { recursive: true, force: true });
