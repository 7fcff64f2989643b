import { VERSION } from "@slipstream/conventions";
import { outputFailed } from "./lib/cli/output-failed.ts";
import { run } from "./lib/cli/run.ts";

process.stdout.on("error", outputFailed);

// A log that cannot be written ends nothing: its terminal is closed, or its disk is full. Lines are written again when there is room.
process.stderr.on("error", () => undefined);

process.exitCode = await run(process.argv.slice(2), VERSION);

// Everything is closed by now; should something keep the process alive all the same, it does not for long.
setTimeout(() => process.exit(), 2_000).unref();
