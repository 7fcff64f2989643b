import { setUp } from "../lib/set-up.ts";

// A service that a test starts as a process of its own: `service.main.ts ENDPOINT SPANS ENDING [EXIT_TIMEOUT]`.
// Without an endpoint, `setUp` takes its default.
// The time-outs are beyond what a busy machine needs.
const [endpoint = "", spans = "0", ending = "", exitTimeout = "30000"] = process.argv.slice(2);
if (ending === "own-listener") process.once("SIGTERM", () => setTimeout(() => process.exit(5), 300));
const telemetry = setUp({
  serviceName: "child",
  ...(endpoint === "" ? {} : { endpoint }),
  requestTimeoutMs: 600_000,
  exitTimeoutMs: Number(exitTimeout),
  flushIntervalMs: 20,
  metricIntervalMs: 100,
  ...(process.env.TEST_SILENT === "1" ? { silent: true } : {}),
});
if (ending === "signal-exit") beLikeSignalExit();
if (ending === "two-set-ups") setUp({ serviceName: "second", endpoint, global: false, silent: true });
for (let i = 0; i < Number(spans); i += 1) telemetry.tracer.startSpan(`span ${i}`).end();
telemetry.instruments.openPositions.set(3);

switch (ending) {
  case "natural":
    break;
  case "exit-code":
    process.exitCode = 3;
    break;
  case "process.exit":
    process.exit(7);
    break;
  case "uncaught":
    throw new RangeError("the service's own mistake");
  case "rejection":
    void Promise.reject(new RangeError("the service's own mistake"));
    break;
  case "late-spans":
    process.once("beforeExit", () => telemetry.tracer.startSpan("in beforeExit").end());
    break;
  default:
    // Ends by a signal: tell that it may come.
    setInterval(() => {}, 1_000);
    console.log("ready");
}

/** The package's listener (version 4): it ends the process only where every listener is one of its own. */
function beLikeSignalExit(): void {
  const emitter = { count: 1 };
  Object.assign(globalThis, { [Symbol.for("signal-exit emitter")]: emitter });
  const listener = (): void => {
    if (process.listenerCount("SIGTERM") !== emitter.count) return;
    process.off("SIGTERM", listener);
    process.kill(process.pid, "SIGTERM");
  };
  process.on("SIGTERM", listener);
}
