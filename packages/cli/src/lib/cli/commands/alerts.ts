import { Command } from "commander";
import { addConfigFlags, commandConfig } from "../../config/flags.ts";
import { clientOf } from "../client-of.ts";
import { deskOption } from "../desk-option.ts";
import { examplesText } from "../examples.ts";
import { print, printJson } from "../print.ts";
import { userName } from "../user-name.ts";

interface ListOptions {
  readonly json?: boolean;
  readonly check?: boolean;
  readonly desk?: string;
}

interface AckOptions {
  readonly json?: boolean;
  readonly by?: string;
  readonly comment: string;
  readonly desk?: string;
}

export function alertsCommand(): Command {
  const command = new Command("alerts")
    .summary("list the alerts of a running aggregator, acknowledge or close one")
    .description(
      "Lists the alerts of a running aggregator: what fires, what is about to fire, and what has no data. docs/alerts.md explains " +
        "the states. Without a command it lists them.",
    )
    .addHelpText(
      "after",
      examplesText(
        ["slipstream alerts", "what fires, is about to fire, or has no data"],
        ["slipstream alerts list --json", "the same as JSON"],
        ["slipstream alerts ack sink-failing:sink=redis", "send this one no more until it resolves"],
        ["slipstream alerts close service-silent:service=old-bot", "end it: the service is no more"],
      ),
    );
  command.addCommand(listCommand(), { isDefault: true });
  command.addCommand(ackCommand());
  command.addCommand(closeCommand());
  return command;
}

function listCommand(): Command {
  const command = new Command("list")
    .summary("list what fires, is about to fire, or has no data")
    .description("Lists every alert that fires, is about to fire (pending), or has no data.")
    .option("--check", "exit code 1 if an alert fires that nobody has acknowledged, and nothing mutes")
    .option("--json", "print the answer of /api/alerts as JSON")
    .addOption(deskOption())
    .addHelpText(
      "after",
      examplesText(
        ["slipstream alerts list", "the aggregator on 127.0.0.1:9480"],
        ["slipstream alerts list --endpoint http://10.0.0.5:9480 --token SECRET", "one on another machine"],
        ["slipstream alerts list --json | jq '.alerts[] | select(.state == \"firing\") | .id'", "the ids"],
        ["slipstream alerts list --check", "in a script"],
      ),
    );
  return addConfigFlags(command, "endpoint", "token").action(list);
}

function ackCommand(): Command {
  const command = new Command("ack")
    .summary("acknowledge an alert that fires")
    .description(
      "Acknowledges an alert that fires: it is not sent again until it resolves or gets more severe, and its resolve is sent. The " +
        "acknowledgement is in the aggregator's log, so it survives a restart, and ends with this firing of the alert.",
    )
    .argument("<alert>", "the alert's id, or the id of its rule if only one of its alerts fires")
    .option("--by <name>", "who acknowledges it (default: the name of the user)")
    .option("--comment <text>", "what to tell others about it", "")
    .option("--json", "print the alert as JSON")
    .addOption(deskOption())
    .addHelpText(
      "after",
      examplesText(
        ["slipstream alerts ack node-latency-critical", "an alert, by its rule"],
        ["slipstream alerts ack sink-failing:sink=redis --comment 'restarting it'", "with a comment"],
      ),
    );
  return addConfigFlags(command, "endpoint", "token").action(changeBy("acknowledge"));
}

function closeCommand(): Command {
  const command = new Command("close")
    .summary("end an alert that fires, about something that no longer exists")
    .description(
      "Closes an alert that fires: it resolves, and does not fire again before its condition has been known not to hold. For what no " +
        "longer exists, such as a service that was taken away, and for an alert whose data stays away. It is in the aggregator's log, " +
        "so it survives a restart.",
    )
    .argument("<alert>", "the alert's id, or the id of its rule if only one of its alerts fires")
    .option("--by <name>", "who closes it (default: the name of the user)")
    .option("--comment <text>", "what to tell others about it", "")
    .option("--json", "print the alert as it was as JSON")
    .addOption(deskOption())
    .addHelpText(
      "after",
      examplesText(
        ["slipstream alerts close service-silent:service=old-bot", "the service will not come back"],
        ["slipstream alerts close service-silent --comment 'replaced by bot-2'", "an alert, by its rule"],
      ),
    );
  return addConfigFlags(command, "endpoint", "token").action(changeBy("close"));
}

async function list({ desk, ...options }: ListOptions): Promise<void> {
  const { config } = await commandConfig({ ...options });
  const [client, { alertsText }, { expected, unattended }] = await Promise.all([
    clientOf(config, desk),
    import("../../alerts/alerts-text.ts"),
    import("../../alerts/attention.ts"),
  ]);
  const answer = expected(await client.alerts(), client.endpoint);
  if (options.json) await printJson(answer);
  else await print(alertsText(answer, Date.now()));
  if (options.check) unattended(answer.alerts);
}

function changeBy(change: "acknowledge" | "close") {
  return async (name: string, { desk, ...options }: AckOptions): Promise<void> => {
    const { config } = await commandConfig({ ...options });
    const [client, { acknowledgedText, closedText }, { expected }, { findAlert }] = await Promise.all([
      clientOf(config, desk),
      import("../../alerts/alerts-text.ts"),
      import("../../alerts/attention.ts"),
      import("../../alerts/find-alert.ts"),
    ]);
    const { alerts } = expected(await client.alerts(), client.endpoint);
    const { id, episode } = findAlert(alerts, name);
    const { by = userName(), comment } = options;
    const alert = await client.changeAlert(change, id, { episode, by, comment });
    if (options.json) await printJson(alert);
    else await print(change === "close" ? closedText(alert) : acknowledgedText(alert));
  };
}
