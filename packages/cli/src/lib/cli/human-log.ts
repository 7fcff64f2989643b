import { Writable } from "node:stream";
import { type Logger, pino } from "pino";
import { parseJson } from "../client/parse-json.ts";
import type { LogLevel } from "./options.ts";

/**
 * The log of a command: pino's JSON lines, or on a terminal lines for people.
 * @param output stderr keeps it apart from what a command prints.
 */
export function createLog(level: LogLevel, output: NodeJS.WriteStream = process.stderr): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const destination = new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      output.write(output.isTTY ? readable(line) : line, () => done());
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
    ([key, value]) => ` ${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return `${String(time).slice(11, 19)} ${levels[String(level)] ?? ""}${msg}${details.join("")}\n`;
}
