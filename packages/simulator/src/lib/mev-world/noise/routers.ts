import { programId } from "@slipstream/solana";
import type { Random } from "../../random.ts";

/** Programs that anyone can trade through. */
const routers = [
  programId.jupiter,
  programId.jupiter,
  programId.jupiter,
  "6m2CDdhRgxpH4WjvdzxAYbGxwdGUz5MziiL5jek2kBma", // OKX DEX
  "routeUGWgWzqBWFcrCfv8tritsqukccJPu3q5GPP3xS", // Raydium routing
  "BSfD6SHZigAfDWSjzD5Q41jw8LmKwtmjskPH9XW1mrRW", // Photon
  "direct",
] as const;

/** A router; undefined for the pool's own program. */
export function drawRouter(random: Random): string | undefined {
  const drawn = random.pick(routers);
  return drawn === "direct" ? undefined : drawn;
}
