import { Command } from "commander";
import { aggregateCommand } from "./commands/aggregate.ts";
import { alertsCommand } from "./commands/alerts.ts";
import { configCommand } from "./commands/config.ts";
import { demoCommand } from "./commands/demo.ts";
import { detectCommand } from "./commands/detect.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { historyCommand } from "./commands/history.ts";
import { ingestBlockCommand } from "./commands/ingest-block.ts";
import { mevCommand } from "./commands/mev.ts";
import { replayCommand } from "./commands/replay.ts";
import { rulesCommand } from "./commands/rules.ts";
import { silenceCommand } from "./commands/silence.ts";
import { simulateCommand } from "./commands/simulate.ts";
import { topCommand } from "./commands/top.ts";

/** Every command of the CLI. */
export function createProgram(version: string): Command {
  const program = new Command("slipstream")
    .description("How fast your Solana trades execute, and what they cost: from OpenTelemetry, in real time.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .showSuggestionAfterError()
    .configureOutput({ outputError: (text, write) => write(`slipstream: ${text.replace(/^error: /, "")}`) })
    .addHelpText("after", examples)
    .exitOverride();
  for (const command of [
    demoCommand(),
    simulateCommand(),
    aggregateCommand(),
    topCommand(),
    historyCommand(),
    mevCommand(),
    detectCommand(),
    ingestBlockCommand(),
    replayCommand(),
    alertsCommand(),
    silenceCommand(),
    rulesCommand(),
    configCommand(),
    doctorCommand(),
  ]) {
    inherit(command, program);
    program.addCommand(command);
  }
  return program;
}

/** Commander does not pass settings on to commands that were made before, nor to their own commands. */
function inherit(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent);
  for (const own of command.commands) inherit(own, command);
}

const examples: string = `
Examples:
  slipstream demo                          a simulated desk, watched live
  slipstream simulate                      a simulated desk as a service, for a Collector
  slipstream aggregate                     receive a real desk's OpenTelemetry data
  slipstream top                           watch a running aggregator
  slipstream history trades                the last trades
  slipstream mev report                    what MEV cost the desk, and what to change
  slipstream mev explain TRADE             why a trade has its verdict
  slipstream detect slot_285.json          find the sandwiches in a recorded block
  slipstream ingest-block slot_285.json    read the swaps of a recorded block
  slipstream replay .slipstream            recompute every statistic from a log
  slipstream alerts                        what fires, is about to fire, or has no data
  slipstream silence add sink=redis --for 2h    silence alerts for a time
  slipstream rules check rules.yaml        find every mistake in a file of alert rules
  slipstream config                        print the configuration and where each value comes from
  slipstream doctor                        check the setup and report problems

Exit codes: 0 done, 1 found something bad, 2 wrong usage or configuration.`;
