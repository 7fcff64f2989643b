import { hasCode } from "@slipstream/conventions";
import { fromArguments } from "./lib/process/arguments.ts";
import { type FromSimulator, isStop } from "./lib/process/messages.ts";
import { type Simulation, startSimulation } from "./lib/simulation.ts";

/**
 * The simulator as a separate process. Options: `--endpoint --seed --rate --attack-rate --weather --duration
 * --ground-truth --service-name --desk`; the token is read from SLIPSTREAM_TOKEN. It ends cleanly on SIGTERM, SIGINT, a "stop"
 * message, when its parent exits, or after the duration. Exit code: 0, 1 (it failed), 2 (an option is invalid).
 */
async function main(): Promise<number> {
  let simulation: Simulation;
  try {
    simulation = await startSimulation({
      ...fromArguments(process.argv.slice(2)),
      onError: (message) => void tell({ type: "problem", message }),
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const field = hasCode(error, "invalid_option") ? (error.field ?? null) : null;
    await tell({ type: "error", message, field });
    return field === null ? 1 : 2;
  }
  const stop = (): void => void simulation.stop();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, stop);
  process.on("disconnect", stop);
  process.on("message", (message) => {
    if (isStop(message)) stop();
  });
  await tell({ type: "ready", run: simulation.run, nodeUrl: simulation.nodeUrl });
  const ticker = setInterval(() => void tell({ type: "summary", summary: simulation.summary() }), 1000);
  const summary = await simulation.done;
  clearInterval(ticker);
  await tell({ type: "done", summary });
  return 0;
}

/** Sends a message by IPC. Without a parent, the messages that matter to a person are printed. */
function tell(message: FromSimulator): Promise<void> {
  if (process.send === undefined) {
    if (message.type === "done") console.log(JSON.stringify(message.summary, null, 2));
    if (message.type === "problem" || message.type === "error") console.error(message.message);
    return Promise.resolve();
  }
  // If the parent is gone, the "disconnect" event ends the simulation.
  return new Promise((resolve) => {
    if (process.connected) process.send?.(message, undefined, {}, () => resolve());
    else resolve();
  });
}

process.exitCode = await main();
if (process.connected) process.disconnect();
