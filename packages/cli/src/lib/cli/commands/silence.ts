import { Command } from "commander";
import { addConfigFlags, commandConfig } from "../../config/flags.ts";
import { clientOf } from "../client-of.ts";
import { examplesText } from "../examples.ts";
import { print, printJson } from "../print.ts";
import { userName } from "../user-name.ts";

interface Options {
  readonly json?: boolean;
}

interface AddOptions extends Options {
  readonly for?: string;
  readonly until?: string;
  readonly by?: string;
  readonly comment: string;
}

export function silenceCommand(): Command {
  const command = new Command("silence")
    .summary("silence alerts of a running aggregator for a time")
    .description(
      "Silences alerts: those that match are not sent while the silence holds. They are still recorded and shown, and what still fires " +
        "when it ends is sent at once. Silences are in the aggregator's log, so they survive a restart. Without a command it lists them.",
    )
    .addHelpText(
      "after",
      examplesText(
        ["slipstream silence add 'sink=redis' --for 2h", "two hours without alerts about Redis"],
        ["slipstream silence list", "the silences that hold"],
        ["slipstream silence expire ID", "end one now"],
      ),
    );
  command.addCommand(listCommand(), { isDefault: true });
  command.addCommand(addCommand());
  command.addCommand(expireCommand());
  return command;
}

function addCommand(): Command {
  const command = new Command("add")
    .summary("silence the alerts that match")
    .description(
      "Silences the alerts that match, on all desks. Matchers compare an alert's labels, and alertname (the rule's id), severity and " +
        'desk: label=value, label!=value, label=~"regular expression", label!~"...", separated by commas. All of them must match.',
    )
    .argument("<matchers>", "which alerts, as in 'alertname=sink-failing,sink=redis'")
    .option("--for <duration>", "how long: 30m, 2h, 1d")
    .option("--until <time>", "or until when: 2026-03-01T10:30:00Z")
    .option("--by <name>", "who silences them (default: the name of the user)")
    .option("--comment <text>", "why", "")
    .option("--json", "print the silence as JSON")
    .addHelpText(
      "after",
      examplesText(
        ["slipstream silence add 'sink=redis' --for 2h --comment 'moving it'", "alerts about Redis"],
        ["slipstream silence add alertname=memory-high --for 1d", "a rule, for a day"],
        ["slipstream silence add 'service=~\"desk-.*\",severity!=critical' --for 30m", "several services"],
      ),
    );
  return addConfigFlags(command, "endpoint", "token").action(add);
}

function listCommand(): Command {
  const command = new Command("list")
    .summary("list the silences that hold")
    .description("Lists the silences that hold, by their ends.")
    .option("--json", "print them as JSON")
    .addHelpText("after", examplesText(["slipstream silence list", "the aggregator on 127.0.0.1:9480"]));
  return addConfigFlags(command, "endpoint", "token").action(list);
}

function expireCommand(): Command {
  const command = new Command("expire")
    .summary("end a silence")
    .description("Ends a silence. What it muted and still fires is sent at once.")
    .argument("<silence>", "the silence's id, as slipstream silence list prints it")
    .option("--json", "print the silence as JSON")
    .addHelpText("after", examplesText(["slipstream silence expire ID", "end it now"]));
  return addConfigFlags(command, "endpoint", "token").action(expire);
}

async function add(matchers: string, options: AddOptions): Promise<void> {
  const { newSilence } = await import("../../alerts/new-silence.ts");
  const body = newSilence(matchers, { ...options, by: options.by ?? userName() });
  const { config } = await commandConfig({ ...options });
  const [client, { silencedText }] = await Promise.all([
    clientOf(config),
    import("../../alerts/silences-text.ts"),
  ]);
  const silence = await client.silence(body);
  if (options.json) await printJson(silence);
  else await print(silencedText(silence));
}

async function list(options: Options): Promise<void> {
  const { config } = await commandConfig({ ...options });
  const [client, { silencesText }] = await Promise.all([
    clientOf(config),
    import("../../alerts/silences-text.ts"),
  ]);
  const silences = await client.silences();
  if (options.json) await printJson({ silences });
  else await print(silencesText(silences, Date.now()));
}

async function expire(id: string, options: Options): Promise<void> {
  const { config } = await commandConfig({ ...options });
  const [client, { matchersText }] = await Promise.all([
    clientOf(config),
    import("../../alerts/silences-text.ts"),
  ]);
  const silence = await client.expire(id);
  if (options.json) await printJson(silence);
  else await print(`Ended the silence of ${matchersText(silence)}`);
}
