import { parseDecimal } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { decodeAllMids } from "./all-mids.codec.ts";

describe("allMids (protocol §4.5)", () => {
  it("reads a price per coin; a bad one does not cost the others", () => {
    expect(decodeAllMids({ mids: { BTC: "64000.5", ETH: 2080, "@107": "25.585" } })).toEqual({
      kind: "market",
      channel: "allMids",
      data: {
        kind: "mids",
        mids: new Map([
          ["BTC", parseDecimal("64000.5")],
          ["@107", parseDecimal("25.585")],
        ]),
      },
      broken: [{ reason: "ETH is 2080", text: '{"ETH":2080}' }],
    });
  });

  it.each([[null], [{}], [{ mids: [] }]])("refuses %j", (data) => {
    expect(decodeAllMids(data)).toMatchObject({ kind: "unrecognized", channel: "allMids" });
  });
});
