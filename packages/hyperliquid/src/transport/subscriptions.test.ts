import { parseAddress } from "@cloister/model";
import { describe, expect, it } from "vitest";
import {
  accountStreams,
  acknowledgedBy,
  type Subscription,
  subscribeFrame,
} from "./subscriptions.ts";

const ACCOUNT = parseAddress("0xABCDEF0000000000000000000000000000000001");

describe("accountStreams", () => {
  it("asks for updates and fills once, and for open orders per dex", () => {
    expect(accountStreams(ACCOUNT, ["", "xyz"]).map((one) => [one.type, one["dex"]])).toEqual([
      ["orderUpdates", undefined],
      ["userFills", undefined],
      ["openOrders", undefined],
      ["openOrders", "xyz"],
    ]);
  });

  it("writes one subscription per frame", () => {
    expect(JSON.parse(subscribeFrame({ type: "bbo", coin: "BTC" }))).toEqual({
      method: "subscribe",
      subscription: { type: "bbo", coin: "BTC" },
    });
  });
});

function isEchoOf(asked: Subscription, echo: unknown): boolean {
  return acknowledgedBy(echo, [asked]) === asked;
}

describe("acknowledgedBy", () => {
  const book = { type: "l2Book", coin: "BTC" };

  it("takes an echo that fills in defaults", () => {
    expect(isEchoOf(book, { ...book, nSigFigs: null, mantissa: null, fast: false })).toBe(true);
  });

  it("takes an address in another case, but no other text", () => {
    const asked = { type: "userFills", user: "0xABcdef0000000000000000000000000000000001" };
    expect(isEchoOf(asked, { ...asked, user: asked.user.toLowerCase() })).toBe(true);
    expect(isEchoOf({ type: "bbo", coin: "kPEPE" }, { type: "bbo", coin: "KPEPE" })).toBe(false);
  });

  it.each([
    [{ type: "l2Book", coin: "ETH" }],
    [{ type: "bbo", coin: "BTC" }],
    [{ type: "l2Book" }],
    [null],
    ["l2Book"],
  ])("refuses %j", (echo) => {
    expect(isEchoOf(book, echo)).toBe(false);
  });

  it("tells a dex from another and from the first", () => {
    const ours = { type: "openOrders", user: ACCOUNT, dex: "xyz" };
    const first = { type: "openOrders", user: ACCOUNT };
    expect(acknowledgedBy({ ...first, dex: "" }, [ours, first])).toBe(first);
    expect(acknowledgedBy(first, [ours, first])).toBe(first);
    expect(acknowledgedBy({ ...first, dex: "xyz" }, [first, ours])).toBe(ours);
    expect(isEchoOf(ours, { type: "openOrders", user: ACCOUNT, dex: "" })).toBe(false);
    expect(isEchoOf(ours, { type: "openOrders", user: ACCOUNT, dex: "xyz" })).toBe(true);
    // The second echo of a dex must not stand for the first one, which still waits.
    expect(isEchoOf(first, { ...first, dex: "xyz" })).toBe(false);
    expect(isEchoOf(first, { ...first, dex: null })).toBe(true);
  });
});
