import { code, markdownTable } from "@slipstream/testing/markdown-table";
import { errorCodes } from "../error-codes.ts";
import { generatedNotice } from "./notice.ts";

/** The text of `docs/errors.md`. */
export function errorsPage(): string {
  const groups = Object.entries(errorCodes).map(
    ([title, codes]) => `## ${title}
${markdownTable(
  ["code", "meaning"],
  Object.entries(codes).map(([name, meaning]) => [code(name), meaning]),
)}
`,
  );
  return `${generatedNotice}

# Errors

An error of Slipstream is a \`SlipstreamError\` with a \`code\`, a message that says what to do and, if it is about an option
or a field, that \`field\`. An HTTP answer has the same code in \`{"error":{"code","message","field"}}\`. Codes are stable;
messages may change.

${groups.join("\n")}`;
}
