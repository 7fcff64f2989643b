import { Writable } from "node:stream";
import { type Logger, pino } from "pino";
import { parseJson } from "../client/parse-json.ts";
import type { ResolvedConfig } from "../config/components.ts";

export type LogOptions = Pick<ResolvedConfig, "logLevel" | "logFormat" | "logLevels">;

/**
 * The log of a command: pino's JSON lines, or on a terminal lines for people.
 * @param output stderr keeps it apart from what a command prints.
 */
export function createLog(
  { logLevel, logFormat, logLevels }: LogOptions,
  output: NodeJS.WriteStream = process.stderr,
): Logger {
  const forPeople = logFormat === "auto" ? output.isTTY : logFormat === "text";
  const names = !forPeople && logLevels === "name";
  const options = {
    level: logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    ...(names && { formatters: { level: (level: string) => ({ level }) } }),
  };
  const destination = new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      output.write(forPeople ? readable(line) : line, () => done());
    },
  });
  return pino(options, destination);
}

const levels: Readonly<Record<string, string>> = {
  10: "trace: ",
  20: "debug: ",
  40: "warning: ",
  50: "error: ",
  60: "fatal: ",
};

/** `12:03:45 warning: message key=value`. */
export function readable(line: string): string {
  const entry = parseJson(line);
  if (typeof entry !== "object" || entry === null) return line;
  const { level, time, msg = "", ...rest } = entry as Record<string, unknown>;
  const details = Object.entries(rest).map(
    ([key, value]) =>
      ` ${key}=${typeof value === "string" && !/\p{Cc}/u.test(value) ? value : JSON.stringify(value)}`,
  );
  return `${String(time).slice(11, 19)} ${levels[String(level)] ?? ""}${msg}${details.join("")}\n`;
}
