import type { Finding } from "../check.ts";
import type { ClockComparison } from "../check-clock.ts";
import { type Answer, isAnswer, type NoAnswer, plainUrl, statusText } from "./ask.ts";

/** A part of the pipeline that was looked at. */
export interface PartState {
  /** Whether it answers as what it should be. */
  readonly up: boolean;
  readonly findings: readonly Finding[];
  readonly clocks?: readonly ClockComparison[];
}

export interface PartAddress {
  /** As the user knows it: "Prometheus". */
  readonly name: string;
  readonly url: string;
  /** The flag that names it. */
  readonly flag: string;
}

/** A part that does not answer, or answers as another program does. */
export function absent({ name, url, flag }: PartAddress, given: Answer | NoAnswer): PartState {
  const address = plainUrl(url);
  if (isAnswer(given)) {
    const login = given.status === 401 || given.status === 403;
    return {
      up: false,
      findings: [
        {
          check: name,
          outcome: "bad",
          text: login
            ? `${address} wants a login (${given.status})`
            : `${address} ${statusText(given)}, not as ${article(name)} does`,
          remedy: login
            ? `give it in the address: ${flag} http://NAME:PASSWORD@HOST:PORT`
            : `correct ${flag}: another program has this address, or ${name} has another path`,
        },
      ],
    };
  }
  const remedy = given.isOtherProtocol
    ? `correct ${flag}: this port does not speak HTTP`
    : /CERT|SSL|TLS/.test(given.reason)
      ? "give Node the authority of its certificate: NODE_EXTRA_CA_CERTS=FILE"
      : `start it, or correct ${flag}`;
  const text = `none answers at ${address} (${given.reason})`;
  return { up: false, findings: [{ check: name, outcome: "bad", text, remedy }] };
}

function article(name: string): string {
  return name === "Trace store" ? "a trace store" : name;
}
