import type { Address } from "@cloister/model";
import { endLiveOrders } from "../actions/perform-script.ts";
import type { BlockFate } from "./block-fate.ts";
import type { Faults } from "./faults.ts";
import { shuffleOids } from "../ledger/ids.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Limits } from "../limits/limits.ts";

/** What the exchange itself suffers from the faults of all of its wires, block by block. */
export class Suffering {
  readonly #ledger: Ledger;
  readonly #ownLimits: Limits;
  /** Faults, and by how many wires they are used. */
  readonly #sources = new Map<Faults, number>();
  #fates: readonly BlockFate[] = [];
  #postOnly = false;
  /** Something of the block before has to be undone. */
  #isChanged = false;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    this.#ownLimits = { ...ledger.limits };
  }

  /** A wire with these faults was plugged in; gives what unplugs it. */
  add(faults: Faults): () => void {
    this.#sources.set(faults, (this.#sources.get(faults) ?? 0) + 1);
    let isIn = true;
    return () => {
      const left = (this.#sources.get(faults) ?? 0) - (isIn ? 1 : 0);
      isIn = false;
      if (left > 0) this.#sources.set(faults, left);
      else this.#sources.delete(faults);
    };
  }

  /** Asks what this block suffers. */
  ask(block: number): void {
    this.#fates = [...this.#sources.keys()].flatMap((faults) => faults.block?.({ block }) ?? []);
  }

  /** How many ms the exchange's clock is ahead of the true one. */
  get skewMs(): number {
    return this.#last("skew")?.ms ?? 0;
  }

  /** When the next block comes, if not at its usual hour. */
  get paceMs(): number | undefined {
    return this.#last("pace")?.ms;
  }

  /** How far back reads may look. */
  get reach(): { ms: number; blocks: number } {
    const reach = { ms: 0, blocks: 0 };
    for (const faults of this.#sources.keys()) {
      const asked = faults.remembers?.() ?? reach;
      reach.ms = Math.max(reach.ms, asked.ms);
      reach.blocks = Math.max(reach.blocks, asked.blocks);
    }
    return reach;
  }

  /** Changes what the actions of the block will meet. */
  begin(): void {
    const ledger = this.#ledger;
    if (this.#fates.length === 0 && !this.#isChanged) return;
    this.#isChanged = this.#fates.length > 0;
    Object.assign(ledger.limits, this.#ownLimits, this.#last("limits")?.limits);
    shuffleOids(ledger, this.#last("shuffledOids") !== undefined);
    this.#setPostOnly(this.#last("postOnly") !== undefined);
    for (const fate of this.#fates) {
      if (fate.kind === "endAgents") endAgents(ledger, fate);
      if (fate.kind === "endOrders") endLiveOrders(ledger, fate);
    }
  }

  /** What somebody else has switched stays as it is. */
  #setPostOnly(postOnly: boolean): void {
    if (postOnly || this.#postOnly) this.#ledger.market.postOnly = postOnly;
    this.#postOnly = postOnly;
  }

  /** Where several say something else, the last one. */
  #last<Kind extends BlockFate["kind"]>(
    kind: Kind,
  ): Extract<BlockFate, { readonly kind: Kind }> | undefined {
    return this.#fates.findLast(
      (fate): fate is Extract<BlockFate, { readonly kind: Kind }> => fate.kind === kind,
    );
  }
}

/** Approved keys end with this block. */
function endAgents(ledger: Ledger, whose: { account?: Address; signer?: Address }): void {
  const nowMs = ledger.news.atMs;
  for (const account of ledger.accounts.values()) {
    if (whose.account !== undefined && whose.account !== account.address) continue;
    account.agents = account.agents.map((agent) =>
      whose.signer === undefined || whose.signer === agent.address
        ? { ...agent, validUntilMs: Math.min(agent.validUntilMs, nowMs) }
        : agent,
    );
  }
}
