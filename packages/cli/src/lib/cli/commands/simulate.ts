import { Command, Option } from "commander";
import { addConfigFlags, commandConfig } from "../../config/flags.ts";
import { addDeskFlags, type DeskFlags, deskOptions } from "../desk-flags.ts";
import { examplesText } from "../examples.ts";
import { takeSignals } from "../lifetime.ts";
import { positiveNumber, wholeNumber } from "../numbers.ts";
import { loggingOptions } from "../options.ts";

interface Options extends DeskFlags {
  readonly endpoint?: string;
  readonly name?: string;
  readonly desk?: string;
  readonly host: string;
  readonly rpcPort: number;
  readonly jupiterPort: number;
  readonly linger?: number;
  readonly questdb?: string;
  readonly questdbPasswordFile?: string;
  readonly redis?: string;
  readonly redisPasswordFile?: string;
  readonly json?: boolean;
}

const port: (text: string) => number = wholeNumber(0, 65_535);

export function simulateCommand(): Command {
  const command = addDeskFlags(new Command("simulate"))
    .summary("run a simulated desk as a service of its own")
    .description(
      "Runs the demo's trading desk without an aggregator: a service that sends its OpenTelemetry data over OTLP/HTTP, to a " +
        "Collector or to an aggregator, and a simulated chain that an aggregator reads with SLIPSTREAM_RPC_URL. It goes on " +
        "trading if nobody receives its data. Runs until Ctrl-C or SIGTERM; then its trades in flight end, and what is left is " +
        "sent. Each process has a chain of its own.",
    )
    .option(
      "--endpoint <url>",
      "where to send spans and metrics, over OTLP/HTTP (default: OTEL_EXPORTER_OTLP_ENDPOINT, else http://localhost:4318, the " +
        "Collector's; a token comes from SLIPSTREAM_TOKEN)",
    )
    .option(
      "--name <name>",
      "name of the service, service.name (default: OTEL_SERVICE_NAME, else trading-desk)",
    )
    .option("--desk <name>", "name of the desk, slipstream.desk (default: none: the aggregator's own desk)")
    .option("--host <host>", "address on which node and Jupiter listen; 0.0.0.0 in a container", "127.0.0.1")
    .addOption(
      new Option("--rpc-port <port>", "port of the simulated Solana node; 0: any free one")
        .argParser(port)
        .default(8899),
    )
    .addOption(
      new Option("--jupiter-port <port>", "port of the simulated Jupiter; 0: any free one")
        .argParser(port)
        .default(8898),
    )
    .addOption(
      new Option(
        "--linger <seconds>",
        "after --duration, how long the chain can be read: verdicts become final some 13 s after a trade (default: 0)",
      ).argParser(positiveNumber(3_600)),
    )
    .addOption(
      new Option(
        "--questdb <conf>",
        "a QuestDB that the desk writes its orders to, in the table simulator_orders, such as http::addr=127.0.0.1:9000;",
      ).env("SIMULATOR_QUESTDB_CONF"),
    )
    .addOption(
      new Option("--questdb-password-file <file>", "a file with the password for it").env(
        "SIMULATOR_QUESTDB_PASSWORD_FILE",
      ),
    )
    .addOption(
      new Option(
        "--redis <url>",
        "a Redis that the desk keeps its positions in, under keys that begin with simulator_, such as redis://127.0.0.1:6379",
      ).env("SIMULATOR_REDIS_URL"),
    )
    .addOption(
      new Option("--redis-password-file <file>", "a file with the password for it").env(
        "SIMULATOR_REDIS_PASSWORD_FILE",
      ),
    )
    .option("--json", "print a line of JSON when it is ready, and one with all totals at the end")
    .addHelpText(
      "after",
      examplesText(
        ["slipstream simulate", "to a Collector on this machine"],
        ["slipstream simulate --endpoint http://127.0.0.1:9480", "straight to an aggregator"],
        [
          "SLIPSTREAM_RPC_URL=http://127.0.0.1:8899 slipstream aggregate",
          "the aggregator that reads its chain",
        ],
        ["slipstream simulate --weather calm:60,failing-node:30,calm", "a node that fails after a minute"],
        ["slipstream simulate --name desk-b --rpc-port 0 --jupiter-port 0", "another service, on free ports"],
      ),
    );
  return addConfigFlags(command, loggingOptions).action(simulate);
}

async function simulate(options: Options): Promise<void> {
  const { endpoint, name, desk, host, rpcPort, jupiterPort, linger, json = false } = options;
  const { questdb, questdbPasswordFile, redis, redisPasswordFile, ...rest } = options;
  // Flags of the same names mean something else to an aggregator.
  const { endpoint: _, desk: __, host: ___, ...logging } = rest;
  const { config } = await commandConfig(logging);
  const [{ runSimulation }, { questdbWithPassword, redisWithPassword }, { createLog }] = await Promise.all([
    import("../../simulate/run-simulation.ts"),
    import("../../simulate/with-password.ts"),
    import("../human-log.ts"),
  ]);
  const lifetime = takeSignals();
  await runSimulation({
    simulation: {
      ...deskOptions(options),
      endpoint,
      serviceName: name ?? (process.env.OTEL_SERVICE_NAME || undefined),
      desk,
      host,
      rpcPort,
      jupiterPort,
      lingerSeconds: linger,
      questdb: questdbWithPassword(questdb, questdbPasswordFile),
      redis: redisWithPassword(redis, redisPasswordFile),
    },
    json,
    signal: lifetime.signal,
    logger: createLog(config),
  });
  lifetime.release();
}
