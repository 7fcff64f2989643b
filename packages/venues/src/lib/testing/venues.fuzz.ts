import type { FuzzTarget } from "@slipstream/testing/fuzz-target";
import { readAnswer } from "../read-answer.ts";
import { readRequest } from "../read-request.ts";
import { planted } from "./planted.ts";
import { hosts } from "./transactions.ts";

// A request and its answer, one after the other with a line between: the address, what is sent, what is answered. Readers do not throw, and answer
// for each call.

const text = ({ request, answer }: (typeof planted)[number]): string =>
  [String(request.url), request.body ?? "", JSON.stringify(answer.body)].join("\n");

export const target: FuzzTarget = {
  seeds: () => planted.map((each) => Buffer.from(text(each))),
  tokens: [
    ...[
      '"method":"',
      '"params":[',
      '"result":',
      '"error":',
      '"context":{"slot":',
      '"value":[',
      '"id":',
      '"err":null',
    ],
    ...[
      "sendTransaction",
      "getSignatureStatuses",
      "getTransaction",
      "sendBundle",
      "getBundleStatuses",
      "signatureSubscribe",
    ],
    ...[
      '"accountKeys":[',
      '"postTokenBalances":[',
      '"uiTokenAmount":{"amount":"',
      '"routePlan":[',
      '"swapInfo":{',
    ],
    ...[
      '"InstructionError":[3,{"Custom":6001}]',
      "null",
      "[]",
      "{}",
      "-1",
      "1e400",
      "18446744073709551616",
      "[[[[[[[[",
    ],
  ],
  run: (input) => {
    const [url = "", sent = "", answered = ""] = new TextDecoder().decode(input).split("\n");
    for (const method of ["POST", "GET"]) {
      const calls = readRequest({ method, url, body: sent }, hosts);
      const outcomes = readAnswer(calls, {
        status: 200,
        body: answered,
        header: () => answered.slice(0, 64),
      });
      if (outcomes.length !== calls.length)
        throw new Error(`${calls.length} calls, ${outcomes.length} outcomes`);
    }
  },
};
