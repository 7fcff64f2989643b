import { describe, expect, it } from "vitest";
import { detectSandwiches } from "./detect.ts";
import type { Detection } from "./model.ts";
import type { DetectOptions } from "./options.ts";
import { attack, legs, Scene, small } from "./testing/scene.ts";
import type { Sender } from "./testing/world.ts";

const jupiter = "JUP6LkbZbjS1jKKwapdHNy74zcZ3tLUZoi5QNyVTaV4";
const raydium = "675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp8";

function detect(scene: Scene, options: Partial<DetectOptions> = {}): Detection {
  return detectSandwiches(scene.swaps, options);
}

describe("legs are linked", () => {
  it("by a program that only the attacker uses, whichever wallets sign", () => {
    const scene = new Scene();
    attack(scene, { signer: "a", program: "private" }, { signer: "b", program: "private" });
    const [sandwich] = detect(scene).sandwiches;
    expect(sandwich?.attacker).toEqual(["a", "b", "private"]);
    expect(sandwich?.evidence[0]).toEqual({ kind: "link", detail: "program private" });
  });

  it("by the address that pays, receives or holds", () => {
    const held = (signer: string): Sender => ({ signer, payer: "vault", recipient: "vault" });
    const vault = new Scene();
    attack(vault, held("a"), held("b"));
    const passed = new Scene();
    attack(passed, { signer: "a", recipient: "b" }, { signer: "b", payer: "b" });
    for (const scene of [vault, passed]) expect(detect(scene).sandwiches).toHaveLength(1);
    expect(detect(vault).sandwiches[0]?.evidence.map(({ kind }) => kind)).toContain("wallets");
  });

  it("by their common bundle", () => {
    const scene = new Scene();
    const bundled = (signer: string): Sender => ({ signer, bundleId: "bundle1" });
    attack(scene, bundled("a"), bundled("b"), bundled("victim"));
    const [sandwich] = detect(scene).sandwiches;
    expect(sandwich && legs(sandwich)).toEqual([["tx0:0"], ["tx1:0"], ["tx2:0"]]);
    expect(sandwich?.label).toBe("intentional");
  });

  it("by an attacker's program, even if many wallets take turns with it", () => {
    const scene = new Scene();
    for (let i = 0; i < 6; i++) {
      const by = (signer: string): Sender => ({ signer: `${signer}${i}`, program: "private" });
      attack(scene, by("front"), by("back"), `victim${i}`);
    }
    expect(detect(scene).sandwiches).toHaveLength(6);
  });

  it("never by a router or a pool's own program", () => {
    for (const program of [jupiter, raydium]) {
      const scene = new Scene();
      attack(scene, { signer: "a", program }, { signer: "b", program });
      expect(detect(scene)).toMatchObject({ sandwiches: [], candidates: [] });
    }
    const scene = new Scene();
    const routed = (signer: string): Sender => ({ signer, payer: "router", recipient: "router" });
    attack(scene, routed("a"), routed("b"));
    expect(detect(scene, { routers: new Set(["router"]) }).sandwiches).toEqual([]);
  });

  it("never by a program or an address that many people trade through", () => {
    for (const role of ["program", "payer", "recipient"]) {
      const scene = new Scene();
      const through = (signer: string): Sender => ({ signer, [role]: "unknown" });
      for (let i = 0; i < 6; i++) scene.buy(through(`user${i}`), small * BigInt(i + 1));
      attack(scene, through("a"), through("b"));
      expect(detect(scene).sandwiches).toEqual([]);
    }
  });

  it("never by something the victim uses too", () => {
    const scene = new Scene();
    const through = (signer: string): Sender => ({ signer, program: "unknown" });
    attack(scene, through("a"), through("b"), through("victim"));
    expect(detect(scene).sandwiches).toEqual([]);
  });

  it("never by a signer that only pays the fees of two different owners", () => {
    const scene = new Scene();
    const relayed = (owner: string): Sender => ({ signer: "relayer", payer: owner, recipient: owner });
    attack(scene, relayed("alice"), relayed("bob"));
    const { sandwiches, candidates } = detect(scene);
    expect(sandwiches).toEqual([]);
    expect(candidates[0]?.evidence[1]?.detail).toContain("one signer for owners");
  });
});
