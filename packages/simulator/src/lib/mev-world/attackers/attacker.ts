import type { Random } from "../../random.ts";
import type { Names } from "../names.ts";
import { type AttackerKind, attackerKinds } from "./kinds.ts";

/** What links the legs of different wallets on the chain. */
export type LegLink = "wallet" | "program" | "holder" | "transfer";

export interface Attacker {
  readonly id: string;
  readonly kind: AttackerKind;
  readonly link: LegLink;
  /** Only the first one signs if the wallet is the link. */
  readonly wallets: readonly [string, ...string[]];
  /** Its own program, which nobody else calls; undefined if it uses a public router. */
  readonly program: string | undefined;
  /** Owner of all wallets' token accounts, if the holder is the link. */
  readonly holder: string | undefined;
  /** Medians, in micro-lamports per compute unit and in lamports. */
  readonly computeUnitPrice: number;
  readonly tipLamports: number;
  /** Number of attacks it has completed. */
  completed: number;
}

const PER_KIND = 4;

export function makeAttackers(random: Random, names: Names, perKind: number = PER_KIND): Attacker[] {
  return attackerKinds.flatMap((kind) =>
    Array.from({ length: perKind }, (_, number): Attacker => {
      const link = linkOf(kind, number);
      const [first, ...others] = Array.from({ length: link === "wallet" ? 1 : 5 }, () => names.address());
      if (first === undefined) throw new RangeError("no wallet");
      return {
        id: `${kind}-${number + 1}`,
        kind,
        link,
        wallets: [first, ...others],
        program: link === "holder" || link === "transfer" ? undefined : names.address(),
        holder: link === "holder" ? names.address() : undefined,
        computeUnitPrice: random.lognormal(60_000, 1),
        tipLamports: random.lognormal(150_000, 1),
        completed: 0,
      };
    }),
  );
}

function linkOf(kind: AttackerKind, number: number): LegLink {
  if (kind === "linked_wallets") return "transfer";
  if (kind === "wallet_rotation") return number % 2 === 0 ? "program" : "holder";
  return kind === "bundle" && number % 2 === 1 ? "program" : "wallet";
}
