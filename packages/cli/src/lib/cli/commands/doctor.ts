import type { ConfigError } from "@slipstream/config";
import { quantity, SlipstreamError } from "@slipstream/conventions";
import { Command } from "commander";
import { components } from "../../config/components.ts";
import { addConfigFlags, commandConfig } from "../../config/flags.ts";
import { examplesText } from "../examples.ts";

interface Options {
  readonly json?: boolean;
}

export function doctorCommand(): Command {
  const command = new Command("doctor")
    .summary("check the setup and report problems")
    .description(
      "Checks Node, the configuration, the port, the data folder and what it holds, a running aggregator, Redis, QuestDB and the clock, and says what " +
        "to do about each problem. It changes nothing. The exit code is 1 if it finds a problem.",
    )
    .option("--json", "print the findings as JSON")
    .addHelpText(
      "after",
      examplesText(
        ["slipstream doctor", "with this folder's configuration"],
        ["slipstream doctor --redis redis://127.0.0.1:6379", "is that Redis reachable?"],
        ["slipstream doctor --endpoint http://10.0.0.5:9480", "is that aggregator alive?"],
      ),
    );
  return addConfigFlags(command, ...components).action(doctor);
}

async function doctor(options: Options): Promise<void> {
  // A wrong configuration is a finding here and does not end the command.
  const wrong: ConfigError[] = [];
  const loaded = await commandConfig({ ...options }, { onWrong: (error) => wrong.push(error) });
  const [{ diagnose }, { findingLines }, { paintFor }] = await Promise.all([
    import("../../doctor/diagnose.ts"),
    import("../../doctor/check.ts"),
    import("../../view/style.ts"),
  ]);
  const findings = await diagnose(loaded, wrong);
  const paint = paintFor(process.stdout.isTTY && !process.env.NO_COLOR);
  const styles = { ok: paint.good, warn: paint.warn, bad: paint.bad };
  console.log(
    options.json
      ? JSON.stringify(findings, undefined, 2)
      : findingLines(findings, ({ outcome }) => styles[outcome](outcome.padEnd(4))).join("\n"),
  );
  const bad = findings.filter(({ outcome }) => outcome === "bad").length;
  if (bad > 0)
    throw new SlipstreamError(
      "failed",
      `${quantity(bad, "problem")} found, in ${quantity(findings.length, "finding")}`,
    );
}
