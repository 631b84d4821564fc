import { worstOf } from "@cloister/machines";
import { type Coin, signOf } from "@cloister/model";
import { addPending, type Pending } from "./exposure.ts";
import type { TrackedOrder } from "./tracked-order.ts";

/** What reaped orders may have filled without our having heard of it: exposure keeps it (design §3). */
export class Unproved {
  readonly #sums = new Map<Coin, Pending>();

  keep(order: TrackedOrder): void {
    const worst = worstOf(order.facts);
    if (signOf(worst) > 0) addPending(this.#sums, order.terms.coin, order.terms.side, worst);
  }

  addTo(sums: Map<Coin, Pending>): void {
    for (const [coin, { buy, sell }] of this.#sums) {
      addPending(sums, coin, "buy", buy);
      addPending(sums, coin, "sell", sell);
    }
  }
}
