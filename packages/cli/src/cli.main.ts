import { VERSION } from "@slipstream/conventions";
import { run } from "./lib/cli/run.ts";

// Output that nobody reads any more (`slipstream ... | head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await run(process.argv.slice(2), VERSION);

// Everything is closed by now; should something keep the process alive all the same, it does not for long.
setTimeout(() => process.exit(), 2_000).unref();
