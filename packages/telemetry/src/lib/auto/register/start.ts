import { semconv } from "@slipstream/conventions";
import { InstrumentSet } from "../../instruments/instrument-set.ts";
import { readEnvironment } from "../../options/environment.ts";
import { setUpWithin } from "../../set-up.ts";
import type { AutoParts } from "../auto-parts.ts";
import { installRequests } from "../calls/install.ts";
import { installLogs } from "../logs/install.ts";
import { installStores } from "../stores/install.ts";
import { joinApiCopies, watchOtherSdk } from "./other-sdk.ts";
import { PackageHooks } from "./package-hooks.ts";
import { instanceId, processKind } from "./process-kind.ts";
import { serviceIdentity } from "./service.ts";
import { speaker } from "./speaker.ts";

const STARTED: unique symbol = Symbol.for("slipstream.auto.started") as never;

/** In the order of installation. */
const parts: readonly { readonly what: string; readonly install: (parts: AutoParts) => void }[] = [
  { what: "The OpenTelemetry API", install: joinApiCopies },
  { what: "HTTP", install: installRequests },
  { what: "The use of databases", install: installStores },
  { what: "The log", install: installLogs },
];

/**
 * Observes the service that this process or thread is about to run. Whatever goes wrong in here, the service starts, and one line says what
 * is missing.
 */
export function start(): void {
  const { say, guard } = speaker();
  guard("This service", () => {
    // A second copy of the package, or `--import` beside NODE_OPTIONS.
    const shared = globalThis as { [STARTED]?: true };
    if (shared[STARTED]) return;
    shared[STARTED] = true;
    if (typeof process.getBuiltinModule !== "function") {
      say(
        `This service is not observed: that needs Node 20.19, 22.12 or later, and this is ${process.version}`,
      );
      return;
    }
    observe({ say, guard });
  })();
}

function observe({ say, guard }: Pick<AutoParts, "say" | "guard">): void {
  const { env, argv } = process;
  const { disabled, resourceAttributes } = readEnvironment(env);
  const script = argv[1];
  const kind = processKind(script, env);
  if (disabled || kind === "tool") return;
  const service = serviceIdentity(env.OTEL_SERVICE_NAME, resourceAttributes, script);
  const instance = instanceId(kind, resourceAttributes[semconv.serviceInstanceId]);
  const instruments = new InstrumentSet();
  const endings: (() => void)[] = [];
  const settle = (): void => {
    for (const ending of endings) ending();
  };
  const telemetry = setUpWithin(
    {
      serviceName: service.name,
      ...(service.version === undefined ? {} : { serviceVersion: service.version }),
      ...(instance === undefined ? {} : { instanceId: instance }),
      instruments,
      onError: say,
      onRecovery: say,
    },
    { processGauges: kind !== "worker", registration: "yielding", settle },
  );
  if (kind === "service" && service.source !== "variable")
    say(
      `The service is called "${service.name}", by its ${service.source === "package" ? "package.json" : "file"}; OTEL_SERVICE_NAME sets another name`,
    );
  const packages = new PackageHooks({ say, guard });
  const all: AutoParts = {
    telemetry,
    tracer: telemetry.tracer,
    packages,
    env,
    say,
    guard,
    atEnd: (ending) => endings.push(ending),
  };
  for (const { what, install } of parts) guard(what, install)(all);
  packages.install(script);
  watchOtherSdk(all, instruments);
  if (kind === "service" && env.SLIPSTREAM_METRICS_PORT) void servePort(all, instruments);
}

/** Loaded only if it is asked for. */
async function servePort(all: AutoParts, instruments: InstrumentSet): Promise<void> {
  try {
    const { serveMetrics } = await import("./metrics-port.ts");
    serveMetrics(all, instruments);
  } catch (error) {
    all.say(`SLIPSTREAM_METRICS_PORT has no effect: ${String(error)}`);
  }
}
