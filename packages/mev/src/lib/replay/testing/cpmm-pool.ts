/** A Raydium CPMM pool's configuration, in millionths, and what its vaults hold beyond the reserves. */
export interface CpmmSetting {
  readonly tradeFee: bigint;
  readonly creatorFee: bigint;
  readonly creatorFeeOn: "paid" | 0 | 1;
  readonly reserves: readonly [bigint, bigint];
  readonly unclaimed: readonly [bigint, bigint];
  /** Basis points that a Token-2022 mint withholds of each transfer, by token. */
  readonly withheld: readonly [bigint, bigint];
}

/** What the vaults gained and lost. */
export interface CpmmSwap {
  readonly amountIn: bigint;
  readonly amountOut: bigint;
}

const million = 1_000_000n;
const up = (numerator: bigint, denominator: bigint): bigint => (numerator + denominator - 1n) / denominator;

/**
 * Raydium's constant-product program as its accounts see it: vault balances, and counters of fees that belong
 * to others. Independent of the replay, which knows only what the vaults gained and lost.
 */
export class CpmmPool {
  readonly #setting: CpmmSetting;
  readonly vaults: [bigint, bigint];
  readonly #owed: [bigint, bigint];

  constructor(setting: CpmmSetting) {
    this.#setting = setting;
    const [reserves, unclaimed] = [setting.reserves, setting.unclaimed];
    this.vaults = [reserves[0] + unclaimed[0], reserves[1] + unclaimed[1]];
    this.#owed = [...unclaimed];
  }

  clone(): CpmmPool {
    const reserves = [this.vaults[0] - this.#owed[0], this.vaults[1] - this.#owed[1]] as const;
    return new CpmmPool({ ...this.#setting, reserves, unclaimed: [...this.#owed] });
  }

  /** The reserves that are traded against. */
  get reserves(): [bigint, bigint] {
    return [this.vaults[0] - this.#owed[0], this.vaults[1] - this.#owed[1]];
  }

  /** Whoever is owed them takes all fees out of the vaults. */
  collect(): void {
    this.vaults[0] -= this.#owed[0];
    this.vaults[1] -= this.#owed[1];
    this.#owed.fill(0n);
  }

  /** @param sent What the trader sends, of which the mint may withhold a part. */
  swapBaseInput(from: 0 | 1, sent: bigint): CpmmSwap {
    const { tradeFee, creatorFee } = this.#setting;
    const paid = sent - up(sent * this.#setting.withheld[from], 10_000n);
    const [has, gives] = this.#reserves(from);
    if (this.#isCreatorFeeOnInput(from)) {
      const all = up(paid * (tradeFee + creatorFee), million);
      const creator = tradeFee + creatorFee === 0n ? 0n : (all * creatorFee) / (tradeFee + creatorFee);
      const out = ((paid - all) * gives) / (has + paid - all);
      return this.#settle(from, paid, out, all - creator, creator, 0n);
    }
    const trade = up(paid * tradeFee, million);
    const gross = ((paid - trade) * gives) / (has + paid - trade);
    const creator = up(gross * creatorFee, million);
    return this.#settle(from, paid, gross - creator, trade, 0n, creator);
  }

  /** @param wanted What leaves the vault. */
  swapBaseOutput(from: 0 | 1, wanted: bigint): CpmmSwap {
    const { tradeFee, creatorFee } = this.#setting;
    const [has, gives] = this.#reserves(from);
    const before = (after: bigint, fee: bigint): bigint => up(after * million, million - fee);
    if (this.#isCreatorFeeOnInput(from)) {
      const net = up(has * wanted, gives - wanted);
      const all = before(net, tradeFee + creatorFee) - net;
      const creator = tradeFee + creatorFee === 0n ? 0n : (all * creatorFee) / (tradeFee + creatorFee);
      return this.#settle(from, net + all, wanted, all - creator, creator, 0n);
    }
    const gross = before(wanted, creatorFee);
    const net = up(has * gross, gives - gross);
    const trade = before(net, tradeFee) - net;
    return this.#settle(from, net + trade, wanted, trade, 0n, gross - wanted);
  }

  #isCreatorFeeOnInput(from: 0 | 1): boolean {
    const { creatorFeeOn } = this.#setting;
    return creatorFeeOn === "paid" || creatorFeeOn === from;
  }

  #reserves(from: 0 | 1): [bigint, bigint] {
    const { reserves } = this;
    return from === 0 ? reserves : [reserves[1], reserves[0]];
  }

  #settle(
    from: 0 | 1,
    amountIn: bigint,
    amountOut: bigint,
    trade: bigint,
    creatorIn: bigint,
    creatorOut: bigint,
  ): CpmmSwap {
    const to = from === 0 ? 1 : 0;
    this.vaults[from] += amountIn;
    this.vaults[to] -= amountOut;
    this.#owed[from] += (trade * 120_000n) / million + (trade * 40_000n) / million + creatorIn;
    this.#owed[to] += creatorOut;
    return { amountIn, amountOut };
  }
}
