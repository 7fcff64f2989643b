import type { AlertCommand } from "@slipstream/alerts";
import type { StoredLog } from "../aggregator/stored-log.ts";

/** What tells one command from others. */
export type Command =
  | Pick<Extract<AlertCommand, { command: "acknowledge" | "close" }>, "command" | "alert" | "episode">
  | Pick<Extract<AlertCommand, { command: "silence" | "expire" }>, "command" | "id">;

/** Commands that were answered and that the log has not. */
export function lostCommands(answered: readonly Command[], { records }: StoredLog): readonly string[] {
  const kept = new Set(
    records.flatMap(({ record: { batch } }) => (batch.kind === "alert" ? [nameOf(batch.command)] : [])),
  );
  return answered
    .map(nameOf)
    .filter((name) => !kept.has(name))
    .map((name) => `the log has no ${name}, which was answered`);
}

function nameOf(command: Command): string {
  return "alert" in command
    ? `${command.command} ${command.alert} ${command.episode}`
    : `${command.command} ${command.id}`;
}
