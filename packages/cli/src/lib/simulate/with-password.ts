import { readFileSync } from "node:fs";
import { SlipstreamError } from "@slipstream/conventions";

/**
 * A configuration string of QuestDB with the password that is in a file, as containers are given secrets.
 *
 * @throws SlipstreamError `usage`
 */
export function questdbWithPassword(conf: string | undefined, file: string | undefined): string | undefined {
  if (conf === undefined || file === undefined) return conf;
  const password = readPassword("--questdb-password-file", file);
  return `${conf}${/;$/.test(conf) ? "" : ";"}password=${password.replaceAll(";", ";;")};`;
}

/** The same for the URL of a Redis. @throws SlipstreamError `usage` */
export function redisWithPassword(url: string | undefined, file: string | undefined): string | undefined {
  if (url === undefined || file === undefined) return url;
  const password = readPassword("--redis-password-file", file);
  // What is not a URL is refused where it is used.
  if (!URL.canParse(url)) return url;
  const complete = new URL(url);
  complete.password = encodeURIComponent(password);
  return complete.href;
}

function readPassword(flag: string, file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new SlipstreamError(
      "usage",
      `${flag}: cannot read it: ${error instanceof Error ? error.message : error}`,
    );
  }
}
