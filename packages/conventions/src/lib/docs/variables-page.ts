import { code, markdownTable } from "@slipstream/testing/markdown-table";
import { autoVariables } from "../auto-variables.ts";
import { standardVariables } from "../standard-variables.ts";
import { generatedNotice } from "./notice.ts";

/** The text of `docs/variables.md`. */
export function variablesPage(): string {
  const honoured = standardVariables.filter((variable) => variable.honoured !== undefined);
  const others = standardVariables.filter((variable) => variable.honoured === undefined);
  return `${generatedNotice}

# OpenTelemetry's variables

What \`@slipstream/telemetry\` and \`PerformanceMonitor\` do with the environment variables of the OpenTelemetry specification. Options in
code come first. A value that is not allowed is ignored, and reported once. Slipstream's own variables are in
[configuration.md](configuration.md).

## Honoured
${markdownTable(
  ["variable", "what it does"],
  honoured.map(({ name, honoured: what = "" }) => [code(name), what]),
)}

## Of an unchanged service
[\`node --import @slipstream/telemetry/auto\`](auto.md) reads these too.

${markdownTable(
  ["variable", "what it does"],
  autoVariables.map(({ name, help }) => [code(name), help]),
)}

## Without effect
If one of these is set to a value that would change something elsewhere, this is reported once, on stderr or to \`onError\`.

${markdownTable(
  ["variable", "what to do instead", "not reported with the value"],
  others.map(({ name, instead = "", harmless = [] }) => [code(name), instead, harmless.map(code).join(", ")]),
)}
`;
}
