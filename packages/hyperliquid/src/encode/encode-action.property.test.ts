import { readFileSync } from "node:fs";
import { decode, encode } from "@msgpack/msgpack";
import { bytesToHex } from "@noble/hashes/utils.js";
import {
  type OrderTerms,
  parseCloid,
  parseCoin,
  parseDecimal,
  parseOid,
  type PlaceOrder,
  type VenueAction,
} from "@cloister/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assetsOf } from "../assets.ts";
import { actionHash } from "../signing/action-hash.ts";
import { encodeAction } from "./encode-action.ts";

const SEED = 20_261_122;
const perp = (name: string) => ({ name, sizeDecimals: 4, delisted: false });
const universe = [perp("BTC"), perp("ETH")];
const assets = assetsOf({ metas: [{ dex: "", meta: { universe, broken: [] } }] });

const amount = fc
  .tuple(fc.nat({ max: 999_999 }), fc.nat({ max: 99_999_999 }))
  .map(([whole, rest]) => parseDecimal(`${whole}.${String(rest).padStart(8, "0")}`));
const cloid = fc.stringMatching(/^[0-9a-fA-F]{32}$/).map((text) => parseCloid(text));
const coin = fc.constantFrom("BTC", "ETH").map((name) => parseCoin(name));
const oid = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }).map((value) => parseOid(value));
const trigger = fc.record({
  price: amount,
  kind: fc.constantFrom("tp" as const, "sl" as const),
  market: fc.boolean(),
});
const terms: fc.Arbitrary<OrderTerms> = fc.record(
  {
    coin,
    side: fc.constantFrom("buy" as const, "sell" as const),
    price: amount,
    size: amount,
    tif: fc.constantFrom("Alo" as const, "Ioc" as const, "Gtc" as const),
    reduceOnly: fc.boolean(),
    trigger,
  },
  { requiredKeys: ["coin", "side", "price", "size", "tif", "reduceOnly"] },
);
const order: fc.Arbitrary<PlaceOrder> = fc.record({ cloid, terms });
const action: fc.Arbitrary<VenueAction> = fc.oneof(
  fc.record({
    kind: fc.constant("place" as const),
    orders: fc.array(order, { maxLength: 20 }),
    grouping: fc.constantFrom("na" as const, "normalTpsl" as const, "positionTpsl" as const),
  }),
  fc.record({ kind: fc.constant("modify" as const), target: fc.oneof(oid, cloid), order }),
  fc.record({ kind: fc.constant("cancel" as const), targets: fc.array(fc.record({ coin, oid })) }),
  fc.record({
    kind: fc.constant("cancelByCloid" as const),
    targets: fc.array(fc.record({ coin, cloid })),
  }),
);

/** Every text under a key that carries a price or a size. */
function amountsIn(text: string): readonly string[] {
  return [...text.matchAll(/"(?:p|s|triggerPx)":"([^"]*)"/g)].map(([, value]) => value ?? "");
}

describe("encoded actions", () => {
  it("mean the same as JSON (what is sent) and as msgpack (what is hashed), in the same order of keys", () => {
    fc.assert(
      fc.property(action, (value) => {
        const wire = encodeAction(value, assets);
        const sent = JSON.stringify(wire);
        expect(JSON.stringify(decode(encode(wire)))).toBe(sent);
        for (const text of amountsIn(sent)) expect(text).toMatch(/^(0|[1-9]\d*)(\.\d*[1-9])?$/);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});

describe("encoded actions against the published vectors (protocol §10.5)", () => {
  const rows = readFileSync(new URL("../signing/vectors.test.jsonl", import.meta.url), "utf8");

  function published(name: string): string {
    const row = rows.split("\n").find((line) => line.includes(`"name":"${name}"`));
    return /"hash":"0x([0-9a-f]{64})"/.exec(row ?? "")?.[1] ?? "missing";
  }

  function place(name: string, more: Partial<OrderTerms>): PlaceOrder {
    const hundred = parseDecimal("100");
    const base = {
      side: "buy",
      price: hundred,
      size: hundred,
      tif: "Gtc",
      reduceOnly: false,
    } as const;
    return { cloid: parseCloid(name), terms: { coin: parseCoin("ETH"), ...base, ...more } };
  }

  it.each<[string, VenueAction, number]>([
    [
      "py_order_cloid",
      { kind: "place", orders: [place(`${"0".repeat(31)}1`, {})], grouping: "na" },
      0,
    ],
    [
      "X4_cancelByCloid",
      {
        kind: "cancelByCloid",
        targets: [{ coin: parseCoin("BTC"), cloid: parseCloid(`${"0".repeat(30)}a1`) }],
      },
      1_700_000_000_000,
    ],
    ["py_scheduleCancel_time", { kind: "scheduleCancel", time: 123_456_789 }, 0],
    [
      "rust_cancel",
      { kind: "cancel", targets: [{ coin: parseCoin("ETH"), oid: parseOid(82_382) }] },
      1_583_838,
    ],
    [
      "X10_updateLeverage",
      { kind: "updateLeverage", coin: parseCoin("BTC"), cross: true, leverage: 5 },
      1_700_000_000_000,
    ],
    ["X11_noop", { kind: "noop" }, 1_700_000_000_000],
  ])("%s", (name, value, nonce) => {
    expect(bytesToHex(actionHash(encodeAction(value, assets), { nonce }))).toBe(published(name));
  });
});
