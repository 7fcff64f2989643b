import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../commands/run.ts";
import { printedProgress } from "../progress.ts";
import { smallPart } from "./small-part.ts";

// The runner with parts that need no installation: "last" starts last and ends first.
process.exitCode = await runCommand(process.argv.slice(2), {
  all: [
    smallPart("last", { after: ["middle"] }),
    smallPart("middle", { after: ["first"], trouble: "Its disk makes noises." }),
    smallPart("first"),
  ],
  repository: join(import.meta.dirname, "../../.."),
  cache: join(tmpdir(), "slipstream-no-cache"),
  progress: printedProgress(),
});
