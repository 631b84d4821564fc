import { formatDecimal } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { evidenceOf, fillEvidence } from "./evidence-of.ts";
import { AT, CANCELED, FILLED, fillOf, OPEN, report } from "../situations/rig.fixture.ts";

describe("evidence of a report", () => {
  it.each([
    [OPEN, "venue.accepted"],
    [{ kind: "triggered" }, "venue.triggered"],
    [FILLED, "venue.filled"],
    [CANCELED, "venue.canceled"],
    [{ kind: "rejected", cause: "tick" }, "venue.rejected"],
    [{ kind: "unknown" }, "venue.unknownWord"],
  ] as const)("%j is %s", (word, type) => {
    const event = evidenceOf(report(undefined, 7, word), "orderUpdates");
    expect(event).toMatchObject({ type, oid: 7, at: AT });
  });

  it("only the stream says what was left: records of reads are frozen", () => {
    const canceled = report(undefined, 7, CANCELED, { left: "0.0004" });
    const streamed = evidenceOf(canceled, "orderUpdates");
    expect("remaining" in streamed && formatDecimal(streamed.remaining)).toBe("0.0004");
    for (const source of ["orderStatus", "openOrders"] as const) {
      expect(evidenceOf(canceled, source)).not.toHaveProperty("remaining");
    }
  });

  it("a fill is known by its trade, its leg, its hour and its coin", () => {
    const key = (...args: Parameters<typeof fillOf>): string => {
      const event = fillEvidence(fillOf(...args), "userFills");
      return event.type === "venue.fill" ? event.key : "";
    };
    expect(key(7, 1)).toBe(key(7, 1, { size: "9", price: "1" }));
    const others = [key(7, 2), key(8, 1), key(7, 1, { at: AT + 9 }), key(7, 1, { coin: "ETH" })];
    expect(new Set([key(7, 1), ...others]).size).toBe(5);
  });
});
