import { VERSION } from "@slipstream/conventions";
import { run } from "./lib/cli/run.ts";

// Output that nobody reads any more (`slipstream ... | head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  if (error.code !== "EIO") throw error;
});

// A log that nobody can read any more ends nothing either. EIO: the terminal is closed.
process.stderr.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
});

process.exitCode = await run(process.argv.slice(2), VERSION);

// Everything is closed by now; should something keep the process alive all the same, it does not for long.
setTimeout(() => process.exit(), 2_000).unref();
