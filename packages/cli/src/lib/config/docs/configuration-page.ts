import { allowedText, type Component, type Option } from "@slipstream/config";
import { serviceOptions } from "@slipstream/monitor/options";
import { code, markdownTable } from "@slipstream/testing/markdown-table";
import { capitalized } from "../../view/format.ts";
import { components } from "../components.ts";
import { defaultText } from "../flags.ts";
import { otherVariables } from "../variables.ts";

/** The page of `docs/` that lists every key. */
export const configurationPage: URL = new URL("../../../../../../docs/configuration.md", import.meta.url);

/** The text of `docs/configuration.md`. */
export function configurationText(listed: readonly Component[] = components): string {
  return `<!-- Generated from the options.ts of each component by \`npm run docs\`. Edit those, not this page. -->

# Configuration

A value is taken from the first of these that has it:

1. a flag: \`--port 9481\`
2. an environment variable: \`SLIPSTREAM_PORT=9481\`. An empty variable counts as not set. Lists are separated by commas, and
   numbers may be written as \`250_000\`.
3. \`slipstream.config.ts\` in the folder in which the command is started, or the file that \`--config\` or \`SLIPSTREAM_CONFIG\` names:

   \`\`\`ts
   import { defineConfig } from "@slipstream/cli";

   export default defineConfig({ capitalUsd: 250_000, nodeMethods: { exclude: ["getProgramAccounts"] } });
   \`\`\`
4. the default

\`npx slipstream config\` prints the value of every key and where it comes from, without secrets. A wrong value ends the command with one line
that names the key, the value, where it comes from and what is allowed. Values are read when a command starts.

SIGHUP makes \`slipstream aggregate\` read the file again, and what the file imports. New values of the keys marked *reload* below
apply at once; the log names them, and the keys that need a restart. If the file is wrong, the old settings stay in force. Flags and
variables cannot change while it runs. So if the token will change, set it in the file, which may read it from another file:
\`token: readFileSync("/run/secrets/slipstream", "utf8").trim()\`.

${sections(listed)}
## PerformanceMonitor
\`new PerformanceMonitor({ ... })\` takes the keys below, those of *Statistics*, *Desk*, *Redis* and *QuestDB*, and \`token\`. \`redis\` and
\`questdb\` may be a client instead of an address. The variables \`REDIS_URL\` and \`QDB_CLIENT_CONF\` are the aggregator's: a service connects only to
what it is given.

${keysTable(serviceOptions)}

## Other variables
${markdownTable(
  ["variable", "what it does"],
  otherVariables.map(({ name, help }) => [code(name), help]),
)}
`;
}

/** Components with the same title share a section. */
function sections(listed: readonly Component[]): string {
  const titles = [...new Set(listed.map(({ title }) => title))];
  return titles
    .map((title) => {
      const parts = listed.filter((component) => component.title === title).map(({ options }) => options);
      return `## ${title}\n${keysTable({ title, options: Object.assign({}, ...parts) })}\n`;
    })
    .join("\n");
}

function keysTable({ options }: Component): string {
  return markdownTable(
    ["key", "allowed", "default", "flag", "variable", "what it does"],
    Object.entries(options).map(row),
  );
}

function row([key, option]: readonly [string, Option]): readonly string[] {
  const { help, details, flag, env, reload } = option;
  return [
    code(key),
    allowedText(option),
    defaultCell(option),
    flag === undefined ? "" : code(flag),
    env === undefined ? "" : code(env),
    `${capitalized(help)}.${details === undefined ? "" : ` ${details}`}${reload ? " *reload*" : ""}`,
  ];
}

function defaultCell(option: Option): string {
  const text = defaultText(option);
  if (text === undefined) return "none";
  return text === option.unset ? text : code(text);
}
