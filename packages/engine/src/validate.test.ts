import type { PlaceSpec } from "@cloister/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SPEC } from "./situations/rig.fixture.ts";
import { ScriptedVenue } from "./situations/scripted-venue.fixture.ts";
import { marketFor, validateModify, validatePlace } from "./validate.ts";

const venue = new ScriptedVenue();

describe("static rules", () => {
  it("a good spec becomes frozen terms", () => {
    const { terms, tag } = validatePlace({ ...SPEC, tag: "t" }, venue);
    expect(terms).toMatchObject({ coin: "BTC", side: "buy", tif: "Gtc", reduceOnly: false });
    expect(Object.isFrozen(terms)).toBe(true);
    expect(tag).toBe("t");
  });

  it.each([
    ["side", { side: "long" }],
    ["tif", { tif: "GTC" }],
    ["reduceOnly", { reduceOnly: "yes" }],
    ["price", { price: 64_000 }],
    ["price", { price: "0" }],
    ["size", { size: "" }],
    ["size", { size: "0.001 " }],
    ["size", { size: "0.0001" }],
    ["tag", { tag: 5 }],
    ["trigger", { trigger: null }],
    ["trigger.price", { trigger: { price: "x", kind: "tp", market: true } }],
    ["trigger.kind", { trigger: { price: "63000", kind: "stop", market: true } }],
    ["trigger.market", { trigger: { price: "63000", kind: "tp", market: "no" } }],
    ["reduceOnly", { coin: "@1", price: "20", size: "2", reduceOnly: true }],
    ["expiresAfterMs", { expiresAfterMs: Number.NaN }],
  ])("names the field %s, the value and the rule", (field, terms) => {
    // As a caller without types would send it.
    const spec: PlaceSpec = JSON.parse(JSON.stringify({ ...SPEC, ...terms }));
    let thrown: unknown;
    try {
      validatePlace(spec, venue);
    } catch (error) {
      thrown = error;
    }
    const details = { field, rule: expect.any(String) };
    expect(thrown).toMatchObject({ code: "invalidSpec", outcome: "never-sent", details });
  });

  it("a reduce-only order may be worth less than the minimum", () => {
    const spec = { ...SPEC, side: "sell", size: "0.0001", reduceOnly: true } as const;
    expect(validatePlace(spec, venue).terms.reduceOnly).toBe(true);
  });

  it("whatever a spec is, it is taken or refused by a typed error, and nothing else", () => {
    const field = fc.oneof(
      fc.string(),
      fc.double(),
      fc.constant(null),
      fc.constant(undefined),
      fc.boolean(),
    );
    const spec = fc.record(
      {
        coin: field,
        side: field,
        price: field,
        size: field,
        tif: field,
        trigger: field,
        tag: field,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(spec, field), (given) => {
        const { sent }: { sent: PlaceSpec } = JSON.parse(JSON.stringify({ sent: given ?? null }));
        let code = "taken";
        try {
          validatePlace(sent, venue);
        } catch (error) {
          code =
            typeof error === "object" && error !== null && "code" in error
              ? String(error.code)
              : "?";
        }
        expect(["taken", "invalidSpec", "unknownCoin"]).toContain(code);
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  it("a modify names a price or leaves, by the rules of its market", () => {
    const market = marketFor("BTC", venue);
    expect(Object.keys(validateModify({ price: "64001" }, market))).toEqual(["price"]);
    expect(Object.keys(validateModify({ leaves: "0.002" }, market))).toEqual(["leaves"]);
    for (const spec of [{}, { leaves: "0" }, { price: "64001.5" }, { leaves: "1e3" }]) {
      expect(() => validateModify(spec, market)).toThrow(
        expect.objectContaining({ code: "invalidSpec" }),
      );
    }
  });

  it("a delisted coin takes no new orders, and is known all the same", () => {
    expect(() => validatePlace({ ...SPEC, coin: "OLD" }, venue)).toThrow("is delisted");
    expect(marketFor("OLD", venue).delisted).toBe(true);
    expect(() => marketFor("NEW", venue)).toThrow(expect.objectContaining({ code: "unknownCoin" }));
  });
});
