import { quantity } from "@slipstream/conventions";
import type { CasePrograms, OpenLeg, Sandwich, Swap } from "@slipstream/mev";
import { tokenName } from "@slipstream/solana";
import type { DetectedCase } from "./detect-cases.ts";

const mostCandidates = 5;
const mostVictims = 8;
const mostPrograms = 12;

/** What `detect` found, for people: each sandwich with its legs, its loss and its evidence; then the totals. */
export function detectReport(cases: readonly DetectedCase[]): string {
  return [...cases.flatMap(caseLines), totalLine(cases)].join("\n");
}

function caseLines({ input, detection, window }: DetectedCase): string[] {
  const { sandwiches, candidates } = detection;
  const found = `${quantity(sandwiches.length, "sandwich", "sandwiches")}, ${quantity(candidates.length, "candidate")}`;
  return [
    `${input.name}: ${quantity(input.swaps.length, "swap")}, ${found}`,
    ...input.notes.map((note) => `  ${note}`),
    ...programLines(input.programs),
    ...sandwiches.flatMap(sandwichLines),
    ...edgeLines(candidates, window),
    ...candidateLines(candidates.filter((one) => edgeOf(one) === undefined)),
    ...openLines(detection.open),
    "",
  ];
}

/** What was read of a block and what was not, so that nobody takes the one for the other. */
function programLines(programs: CasePrograms | undefined): string[] {
  if (programs === undefined) return [];
  const decoded = programs.decoded.filter(({ swaps }) => swaps > 0);
  const unread = [
    ...programs.decoded.map(({ protocol, undecoded, unread }) => ({
      name: protocol,
      swaps: undecoded + unread,
    })),
    ...programs.unknown.map(({ name, program, unread }) => ({ name: name ?? program, swaps: unread })),
  ].filter(({ swaps }) => swaps > 0);
  const list = (all: readonly { readonly name: string; readonly swaps: number }[]): string => {
    const shown = all
      .slice(0, mostPrograms)
      .map(({ name, swaps }) => `${name} ${swaps.toLocaleString("en-US")}`);
    return [...shown, ...(all.length > mostPrograms ? [`and ${all.length - mostPrograms} more`] : [])].join(
      ", ",
    );
  };
  return [
    ...(decoded.length === 0
      ? []
      : [`  decoded: ${list(decoded.map(({ protocol, swaps }) => ({ name: protocol, swaps })))}`]),
    unread.length === 0
      ? "  not decoded: no swap that shows"
      : `  not decoded, and not searched: ${list(unread)} (swaps)`,
  ];
}

function sandwichLines(sandwich: Sandwich): string[] {
  const { fronts, victims, backs, label, pool, evidence } = sandwich;
  const shown = victims.slice(0, mostVictims);
  const rest = victims.length - shown.length;
  return [
    "",
    `  ${label}  ${fronts[0]?.protocol ?? ""} pool ${pool}, ${slotsOf(sandwich)}`,
    ...fronts.map((swap) => legLine("front", swap)),
    ...shown.map((swap) => legLine("victim", swap)),
    ...(rest > 0 ? [`    victim  ... and ${rest} more (--json lists all)`] : []),
    ...backs.map((swap) => legLine("back", swap)),
    `    loss    ${lossText(sandwich)}`,
    ...evidence.map(({ kind, detail }) => `    ${kind.padEnd(8)}${detail}`),
  ];
}

function legLine(side: string, { id, txIndex, amountIn, tokenIn, amountOut, tokenOut }: Swap): string {
  const amounts = `${amountIn} ${short(tokenIn)} -> ${amountOut} ${short(tokenOut)}`;
  return `    ${side.padEnd(8)}#${txIndex}  ${shortId(id)}  ${amounts}`;
}

function slotsOf({ fronts, backs }: Sandwich): string {
  const [first, last] = [fronts[0]?.slot ?? null, backs.at(-1)?.slot ?? null];
  if (first === null || last === null) return "slot unknown";
  return first === last ? `slot ${first}` : `slots ${first} to ${last}`;
}

function lossText({ loss, lossReason, victims }: Sandwich): string {
  if (loss === null) return lossReason ?? "not replayed";
  const share = `${(100 * loss.ratio).toPrecision(3)} % of what ${victims.length > 1 ? "they" : "it"} would have received`;
  return `${loss.atoms} atoms of ${short(loss.token)}, ${share}; residual ${loss.residual.toExponential(1)}`;
}

function edgeOf({ evidence }: Sandwich): string | undefined {
  return evidence.find(({ kind }) => kind === "edge")?.detail;
}

function edgeLines(
  candidates: readonly Sandwich[],
  { windowMs, slotMs, slots }: DetectedCase["window"],
): string[] {
  const edge = candidates.filter((one) => edgeOf(one) !== undefined);
  if (edge.length === 0) return [];
  return [
    "",
    `  paid off, but outside the window of ${windowMs} ms (${quantity(slots, "slot")} of ${slotMs} ms, --window-ms):`,
    ...edge.slice(0, mostCandidates).map((one) => {
      const [first, last] = [shortId(one.fronts[0]?.id ?? ""), shortId(one.backs.at(-1)?.id ?? "")];
      return `    ${first} ... ${last}  ${one.profit.atoms} atoms of ${short(one.profit.token)}: ${edgeOf(one)}`;
    }),
    ...moreLines(edge),
  ];
}

function candidateLines(candidates: readonly Sandwich[]): string[] {
  if (candidates.length === 0) return [];
  return [
    "",
    "  the shape of a sandwich and no more (shape_only):",
    ...candidates.slice(0, mostCandidates).map(({ fronts, backs, evidence }) => {
      const why = evidence.find(({ kind }) => kind === "profit")?.detail ?? "";
      return `    ${shortId(fronts[0]?.id ?? "")} ... ${shortId(backs.at(-1)?.id ?? "")}  ${shortTokens(why)}`;
    }),
    ...moreLines(candidates),
  ];
}

function openLines(open: readonly OpenLeg[]): string[] {
  if (open.length === 0) return [];
  return [
    "",
    "  of the same attackers, at the edge of what was read, without the other leg:",
    ...open.slice(0, mostCandidates).map(({ swap, side }) => legLine(side, swap)),
    ...moreLines(open),
  ];
}

function moreLines({ length }: readonly unknown[]): string[] {
  return length > mostCandidates ? [`    ... and ${length - mostCandidates} more (--json lists all)`] : [];
}

function totalLine(cases: readonly DetectedCase[]): string {
  const sandwiches = cases.flatMap(({ detection }) => detection.sandwiches);
  const intentional = sandwiches.filter(({ label }) => label === "intentional").length;
  const replayed = sandwiches.filter(({ loss }) => loss !== null).length;
  const swaps = cases.reduce((sum, { input }) => sum + input.swaps.length, 0);
  const kinds =
    sandwiches.length === 0 ? "" : ` (${intentional} intentional), ${replayed} with a replayed loss`;
  return (
    `${quantity(sandwiches.length, "sandwich", "sandwiches")}${kinds}, ` +
    `in ${quantity(swaps, "swap")} of ${quantity(cases.length, "case")}.`
  );
}

function short(token: string): string {
  const name = tokenName(token);
  return name.length > 12 ? `${name.slice(0, 6)}…${name.slice(-4)}` : name;
}

/** An id ends with the place in the transaction: both its ends tell it apart. */
function shortId(id: string): string {
  return id.length > 24 ? `${id.slice(0, 10)}…${id.slice(-10)}` : id;
}

function shortTokens(detail: string): string {
  return detail.replace(
    /atoms of (\S+?)(:?) /,
    (_, token: string, colon: string) => `atoms of ${short(token)}${colon} `,
  );
}
