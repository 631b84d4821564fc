import { ONE, ZERO } from "@cloister/model";
import type { Books } from "@cloister/testkit";
import { describe, expect, it } from "vitest";
import { earlierLives, withoutEarlier } from "./earlier-lives.ts";

function books(...orders: readonly (readonly [cloid: string, ...oids: number[]])[]): Books {
  return {
    orders: orders.map(([cloid, ...oids]) => ({ cloid, state: "filled", filled: ONE, oids })),
    fills: orders.flatMap(([, ...oids]) =>
      oids.map((oid) => ({
        ...{ coin: "BTC", side: "buy", price: ONE, size: ONE, oid, tid: oid, at: 1 },
        ...{ fee: ZERO, feeToken: "USDC" },
      })),
    ),
    positions: new Map([["BTC", ONE]]),
  };
}

describe("the books of one life", () => {
  it("are without the orders and fills of earlier ones; positions stay whole", () => {
    const earlier = earlierLives(books(["a", 1, 2]), ["b"]);
    expect(withoutEarlier(books(["a", 1, 2], ["b", 3], ["c", 4]), earlier)).toEqual(
      books(["c", 4]),
    );
  });

  it("keep what appeared at the exchange since, though the engine knows nothing of it", () => {
    const earlier = earlierLives(books(["a", 1]), []);
    expect(withoutEarlier(books(["a", 1], ["lost", 9]), earlier)).toEqual(books(["lost", 9]));
  });
});
