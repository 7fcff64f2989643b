import type { CasePrograms, Evidence, Loss, Sandwich } from "@slipstream/mev";
import type { DetectedCase } from "./detect-cases.ts";

/** What `slipstream detect --json` prints. */
export interface DetectJson {
  readonly cases: readonly CaseJson[];
}

export interface CaseJson {
  readonly case: string;
  readonly swaps: number;
  readonly sandwiches: readonly SandwichJson[];
  /** Label `shape_only`: they do not count as sandwiches. */
  readonly candidates: readonly SandwichJson[];
  /** How far apart front and back run may be: `slots` of `slotMs`. Candidates farther apart have evidence "edge". */
  readonly window: DetectedCase["window"];
  /** Swaps of these attackers whose other leg may be before the first slot or after the last one. */
  readonly open: readonly OpenLegJson[];
  /** Of a block: what was decoded, by program. */
  readonly decoded?: readonly DecodedJson[];
  /** Of a block: programs that are not decoded. `swaps`: those that show in what they moved. */
  readonly notDecoded?: readonly NotDecodedJson[];
}

export interface OpenLegJson {
  readonly id: string;
  readonly side: "front" | "back";
  readonly slot: number | null;
  readonly pool: string;
  readonly signer: string;
}

export interface DecodedJson {
  readonly program: string;
  readonly protocol: string;
  readonly swaps: number;
  /** Swaps that happened and could not be read: they were not searched. */
  readonly unread: number;
}

export interface NotDecodedJson {
  readonly program: string;
  readonly name?: string;
  readonly swaps: number;
  readonly instructions: number;
}

export interface SandwichJson {
  /** Event ids: the first front leg, the victims, the last back leg. */
  readonly front: string;
  readonly victims: readonly string[];
  readonly back: string;
  readonly label: Sandwich["label"];
  readonly loss: LossJson | null;
  readonly lossReason?: string;
  /** "kind: detail". */
  readonly evidence: readonly string[];
}

export interface LossJson {
  /** Decimal string. */
  readonly atoms: string;
  readonly token: string;
  readonly ratio: number;
  readonly residual: number;
}

export function detectJson(cases: readonly DetectedCase[]): DetectJson {
  return {
    cases: cases.map(({ input, detection, window }) => ({
      case: input.name,
      swaps: input.swaps.length,
      sandwiches: detection.sandwiches.map(sandwichJson),
      candidates: detection.candidates.map(sandwichJson),
      window,
      open: detection.open.map(({ swap: { id, slot, pool, signer }, side }) => ({
        id,
        side,
        slot,
        pool,
        signer,
      })),
      ...programsJson(input.programs),
    })),
  };
}

function programsJson(programs: CasePrograms | undefined): Pick<CaseJson, "decoded" | "notDecoded"> {
  if (programs === undefined) return {};
  return {
    decoded: programs.decoded.map(({ program, protocol, swaps, undecoded, unread }) => ({
      program,
      protocol,
      swaps,
      unread: undecoded + unread,
    })),
    notDecoded: programs.unknown.map(({ program, name, instructions, unread }) => ({
      program,
      ...(name === undefined ? {} : { name }),
      swaps: unread,
      instructions,
    })),
  };
}

function sandwichJson(sandwich: Sandwich): SandwichJson {
  const { fronts, victims, backs, label, loss, lossReason, evidence } = sandwich;
  return {
    front: fronts[0]?.id ?? "",
    victims: victims.map(({ id }) => id),
    back: backs.at(-1)?.id ?? "",
    label,
    loss: loss === null ? null : lossJson(loss),
    ...(lossReason === undefined ? {} : { lossReason }),
    evidence: evidence.map(evidenceText),
  };
}

function lossJson({ atoms, token, ratio, residual }: Loss): LossJson {
  return { atoms: String(atoms), token, ratio, residual };
}

export function evidenceText({ kind, detail }: Evidence): string {
  return `${kind}: ${detail}`;
}
