import { formatDecimal, parseDecimal } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { ordersOfLegs } from "./exchange-orders.ts";

describe("ordersOfLegs", () => {
  it("makes one order of the legs of a cloid: the newest says the state, all of them the fills", () => {
    const legs = [
      { cloid: "0xa", oid: 9, status: "open", filled: parseDecimal("0.1") },
      { cloid: "0xa", oid: 4, status: "canceled", filled: parseDecimal("0.2") },
    ];
    const [order] = ordersOfLegs(legs);
    expect(order).toMatchObject({ cloid: "0xa", state: "live", oids: [9, 4] });
    expect(formatDecimal(order?.filled ?? parseDecimal("0"))).toBe("0.3");
  });

  it.each([
    ["open", "live"],
    ["triggered", "live"],
    ["filled", "filled"],
    ["canceled", "canceled"],
    ["marginCanceled", "canceled"],
    ["scheduledCancel", "canceled"],
    ["iocCancelRejected", "canceled"],
    ["badAloPxRejected", "rejected"],
    ["rejected", "rejected"],
  ])("reads %s as %s", (status, state) => {
    const leg = { cloid: "0xa", oid: 1, status, filled: parseDecimal("0") };
    expect(ordersOfLegs([leg])[0]?.state).toBe(state);
  });
});
