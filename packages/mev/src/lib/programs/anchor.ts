import { type Instruction, instructionData } from "@slipstream/solana";
import type { Recognised, RoutedSwap, SwapDecoder, SwapInstruction, UnreadableSwap } from "./swap-decoder.ts";

/** Positions in an instruction's account list. */
export interface Hop {
  readonly pool: number;
  readonly vaults: readonly [number, number];
}

/** A swap instruction of a program built with Anchor. */
export interface AnchorSwap {
  /** The first 8 bytes of the data, big-endian: the start of sha256("global:" + name in snake case). */
  readonly discriminator: bigint;
  readonly name: string;
  /** The pools it swaps in, in order, or a function that finds them. */
  readonly hops: readonly Hop[] | ((instruction: Instruction) => RoutedSwap | UnreadableSwap);
}

export interface AnchorProgram {
  readonly program: string;
  readonly protocol: string;
  readonly swaps: readonly AnchorSwap[];
  /** See `SwapInstruction`. */
  readonly feesBeside?: boolean;
  readonly sharedVaults?: boolean;
  readonly virtual?: boolean;
  readonly unpublished?: boolean;
}

/**
 * A decoder for programs whose instructions begin with Anchor's discriminator. Accounts are identified by
 * position from the front, because later versions of a program append theirs.
 * Source: anchor-lang, `sighash`; the positions are from the program's own IDL.
 */
export function anchorDecoder({
  program,
  protocol,
  swaps,
  feesBeside,
  sharedVaults,
  virtual,
  unpublished,
}: AnchorProgram): SwapDecoder {
  const byDiscriminator = new Map(swaps.map((swap) => [swap.discriminator, swap]));
  const properties = {
    ...(feesBeside === true ? { feesBeside } : {}),
    ...(sharedVaults === true ? { sharedVaults, virtual: true } : {}),
    ...(virtual === true ? { virtual } : {}),
    ...(unpublished === true ? { unpublished } : {}),
  };
  return {
    program,
    protocol,
    recognise(instruction): Recognised {
      const data = instructionData(instruction);
      if (data === undefined || data.byteLength < 8) return [];
      const swap = byDiscriminator.get(data.getBigUint64(0));
      if (swap === undefined) return [];
      if (typeof swap.hops === "function") return [swap.hops(instruction)];
      return swap.hops.map((hop) => {
        const read = readHop(hop, swap.name, instruction);
        return "reason" in read ? read : { ...read, ...properties };
      });
    },
  };
}

function readHop(hop: Hop, name: string, { accounts }: Instruction): SwapInstruction | UnreadableSwap {
  const pool = accounts[hop.pool];
  const [vault0, vault1] = [accounts[hop.vaults[0]], accounts[hop.vaults[1]]];
  if (pool !== undefined && vault0 !== undefined && vault1 !== undefined) {
    return { pool, vaults: [vault0, vault1] };
  }
  const least = Math.max(hop.pool, ...hop.vaults) + 1;
  return {
    pool: pool ?? null,
    reason: `${name} needs at least ${least} accounts, this instruction has ${accounts.length}`,
  };
}
