import { join } from "node:path";
import { startStack } from "../../run/stack.ts";
import { smallPart } from "../small-part.ts";
import { startGuard } from "./guard.ts";

// A stack of two small parts with a guard, as a test has it.
const [folder = ""] = process.argv.slice(2);
startGuard(folder);
const parts = [smallPart("first"), smallPart("last", { after: ["first"] })];
await startStack({
  repository: folder,
  data: join(folder, "data"),
  all: parts,
  parts,
  ports: { free: true, named: {} },
  progress: { line: () => {}, during: (_, work) => work },
});
process.stdout.write("The stack runs.\n");
