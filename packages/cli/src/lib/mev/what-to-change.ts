import type { MevReport } from "@slipstream/aggregator";
import { quantity } from "@slipstream/conventions";
import { capitalized, fixed } from "../view/format.ts";
import { factorText, shareText, usdText } from "./numbers.ts";

/** What the numbers show for certain that could be done differently, and which of them rest on too few trades to say. */
export function whatToChange({
  patterns,
  protections,
  feeReturn,
  overall,
}: Pick<MevReport, "patterns" | "protections" | "feeReturn" | "overall">): string[] {
  return [
    ...patterns.found.map(patternText),
    ...protections.flatMap(protectionText),
    ...(feeReturn.includesZero === false
      ? [`Fees: ${feeReturn.finding} (return ${factorText(feeReturn.ratio)}).`]
      : []),
    ...unknownShare(overall),
  ];
}

function protectionText({ protection, netUsd, trades }: MevReport["protections"][number]): string[] {
  const { value, interval, reason } = netUsd;
  const { low = null, high = null } = interval ?? {};
  if (value === null)
    return [`${protection}: not known yet whether it pays off. ${capitalized(reason ?? "not known")}.`];
  if (low === null || high === null) return [];
  if (low > 0)
    return [
      `${protection} brought more than it cost on ${quantity(trades, "trade")}: net ${usdText(netUsd)}. Use it for more.`,
    ];
  if (high < 0)
    return [
      `${protection} cost more than it brought on ${quantity(trades, "trade")}: net ${usdText(netUsd)}.`,
    ];
  return [];
}

function patternText({ where, trades, attacked, lift }: MevReport["patterns"]["found"][number]): string {
  const what = Object.entries(where)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
  return `${what}: attacked ${factorText(lift)} times as often as the rest, ${attacked} of ${quantity(trades, "trade")}. ${remedyFor(where)}`;
}

function remedyFor(where: MevReport["patterns"]["found"][number]["where"]): string {
  if (where.protection === "none") return "Send these protected.";
  if (where.protection !== undefined)
    return `Protection ${where.protection} does not keep attackers off here: try another.`;
  if (where.tolerance !== undefined) return "Take less slippage here.";
  if (where.size !== undefined) return "Protect these, or split them.";
  if (where.leader !== undefined) return "Do not send to this leader unprotected.";
  if (where.hour !== undefined) return "Protect what is sent in this hour (UTC).";
  return "Protect these.";
}

/** Of the trades that reached the chain: the others cannot have been attacked there. */
function unknownShare({ impacted, avoided, clean, onChain }: MevReport["overall"]): string[] {
  const unknown = onChain - impacted - avoided - clean;
  if (onChain === 0 || unknown / onChain < 0.1) return [];
  const share = shareText({ value: unknown / onChain, count: onChain });
  const check =
    unknown === onChain
      ? "Is the chain watched (--rpc)? Do the spans have solana.signature and solana.slot? If so, "
      : "";
  return [
    `${share} of the trades on the chain have no verdict, ${fixed(unknown, 0)} of ${fixed(onChain, 0)}. ` +
      `${check}slipstream history mev_verdicts --json says why for each.`,
  ];
}
