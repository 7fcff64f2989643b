import { SlipstreamError } from "@slipstream/conventions";
import { expect, it } from "vitest";
import { completeOptions } from "./options.ts";
import { decodeOptions, encodeOptions } from "./options-body.ts";

function codeOf(body: string): string {
  try {
    decodeOptions(Buffer.from(body));
  } catch (error) {
    if (error instanceof SlipstreamError) return `${error.code} ${error.field}`;
    throw error;
  }
  return "read";
}

it("come back as they were", () => {
  const options = completeOptions({
    capitalUsd: 5,
    nodeMethods: { exclude: ["getProgramAccounts"] },
    rpcHosts: ["node"],
    amendmentSeconds: 12.5,
  });
  expect(decodeOptions(encodeOptions(options))).toEqual(options);
});

it("have their defaults if they are left out, and unknown ones are ignored", () => {
  expect(decodeOptions(Buffer.from('{"laterField": 1}'))).toEqual(completeOptions({}));
});

it("are refused if they are wrong", () => {
  expect(codeOf("{")).toBe("invalid_option undefined");
  expect(codeOf('{"maxServices": "many"}')).toBe("invalid_option maxServices");
  expect(codeOf('{"nodeMethods": {"include": 1}}')).toBe("invalid_option nodeMethods");
  expect(codeOf('{"rateWindowSeconds": 7}')).toBe("invalid_option rateWindowSeconds");
});
