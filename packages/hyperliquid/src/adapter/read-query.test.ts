import {
  parseAddress,
  parseCloid,
  parseCoin,
  parseDecimal,
  parseOid,
  type Query,
  type Report,
  type WireRequest,
} from "@cloister/model";
import { describe, expect, it } from "vitest";
import type { Meta } from "../codec/info.ts";
import { decodeMeta } from "../codec/meta.codec.ts";
import { scriptedWire } from "../wire/scripted-wire.fixture.ts";
import { infoAsker } from "./ask-info.ts";
import { LiveListings } from "./live-listings.ts";
import type { ReadOutcome } from "./read-outcome.ts";
import { type ReadScope, readQuery } from "./read-query.ts";

const ACCOUNT = parseAddress(`0x${"ab".repeat(20)}`);
const KEY = parseAddress(`0x${"cd".repeat(20)}`);

type Listing = { name: string; szDecimals: number; maxLeverage?: number; isDelisted?: boolean };

const BTC: Listing = { name: "BTC", szDecimals: 5, maxLeverage: 40 };
const ETH: Listing = { name: "ETH", szDecimals: 4, maxLeverage: 25 };

function metaOf(universe: readonly unknown[]): Meta {
  const decoded = decodeMeta({ universe });
  if (decoded.kind !== "ok") throw new Error(decoded.reason);
  return decoded.value;
}

function listingsOf(universe: readonly unknown[]): LiveListings {
  const spotMeta = { universe: [], tokens: [], broken: [] };
  const metas = [{ dex: "", meta: metaOf(universe) }];
  return new LiveListings({ metas, spotMeta, perpDexs: [""] });
}

const SCOPE: ReadScope = {
  ...{ account: ACCOUNT, owner: ACCOUNT, signer: KEY },
  ...{ dexes: ["", "xyz"], spotPairs: [] },
  listings: listingsOf([BTC, ETH]),
};

type Answered = { status?: number; body: unknown };
type Asked = Readonly<Record<string, unknown>>;

/** Performs a query against answers written by hand; tells the outcome and what was asked. */
function perform(query: Query, rule: (asked: Asked, count: number) => Answered, scope = SCOPE) {
  const line = scriptedWire();
  const asked: Asked[] = [];
  line.answerWith((request) => {
    asked.push(bodyOf(request));
    return rule(bodyOf(request), asked.length);
  });
  const outcomes: ReadOutcome[] = [];
  readQuery(infoAsker(line.wire, 1_000), { query, scope }, (outcome) => outcomes.push(outcome));
  expect(outcomes).toHaveLength(1);
  const [outcome] = outcomes;
  if (outcome === undefined) throw new Error("no outcome");
  return { outcome, asked };
}

function bodyOf(request: WireRequest): Asked {
  const body: unknown = JSON.parse(request.body);
  if (typeof body !== "object" || body === null) throw new Error("no object");
  return Object.fromEntries(Object.entries(body));
}

function reportOf(outcome: ReadOutcome): Report {
  if ("report" in outcome.result) return outcome.result.report;
  throw new Error(outcome.result.reason);
}

function openRow(oid: number, coin = "BTC") {
  return {
    coin,
    side: "B",
    limitPx: "100.0",
    sz: "1.0",
    oid,
    timestamp: 5,
    origSz: "1.0",
    triggerCondition: "N/A",
    isTrigger: false,
    triggerPx: "0.0",
    children: [],
    isPositionTpsl: false,
    reduceOnly: false,
    orderType: "Limit",
    tif: "Gtc",
    cloid: null,
  };
}

function fillRow(tid: number, time: number) {
  return {
    coin: "BTC",
    px: "100.0",
    sz: "1.0",
    side: "B",
    time,
    startPosition: "0.0",
    dir: "Open Long",
    closedPnl: "0.0",
    hash: "0x00",
    oid: 9,
    crossed: true,
    fee: "0.01",
    tid,
    feeToken: "USDC",
    twapId: null,
  };
}

describe("openOrders", () => {
  it("reads every dex and joins them", () => {
    const { outcome, asked } = perform({ kind: "openOrders" }, ({ dex }) => ({
      body: dex === "" ? [openRow(1)] : [openRow(2, "xyz:SILVER")],
    }));
    expect(asked.map(({ type, dex, user }) => [type, dex, user])).toEqual([
      ["frontendOpenOrders", "", ACCOUNT],
      ["frontendOpenOrders", "xyz", ACCOUNT],
    ]);
    expect(reportOf(outcome)).toMatchObject({
      orders: [{ oid: 1 }, { oid: 2, coin: "xyz:SILVER" }],
    });
  });

  it.each<[string, Answered]>([
    ["429 null", { status: 429, body: "null" }],
    ["502 HTML", { status: 502, body: "<html>bad gateway</html>" }],
    ["200 null", { body: "null" }],
    ["200 HTML", { body: "<html></html>" }],
    ["a row that is not understood", { body: [openRow(2), { oid: "?" }] }],
  ])("situation 96: %s of one dex fails the whole read, it is never empty", (_name, answered) => {
    const { outcome } = perform({ kind: "openOrders" }, ({ dex }) =>
      dex === "" ? { body: [openRow(1)] } : answered,
    );
    expect(outcome.result).toHaveProperty("reason");
  });

  it("keeps what it did not understand as an unrecognized fact with its text", () => {
    const { outcome } = perform({ kind: "openOrders" }, () => ({ body: "<html></html>" }));
    expect(outcome.remarks).toMatchObject([
      { type: "unrecognized", channel: "frontendOpenOrders", text: "<html></html>" },
    ]);
  });
});

describe("orderStatus", () => {
  it("tells an order, and the absence of one", () => {
    const query: Query = { kind: "orderStatus", key: parseOid(7) };
    const found = perform(query, () => ({
      body: { status: "order", order: { order: openRow(7), status: "open", statusTimestamp: 6 } },
    }));
    expect(found.asked).toMatchObject([{ type: "orderStatus", oid: 7, user: ACCOUNT }]);
    expect(reportOf(found.outcome)).toMatchObject({
      kind: "orderStatus",
      found: { oid: 7, at: 6 },
    });
    const absent = perform(query, () => ({ body: { status: "unknownOid" } }));
    expect(reportOf(absent.outcome)).toEqual({ kind: "orderStatus" });
  });

  it("does not take another order's record for an answer", () => {
    const cloid = parseCloid("0x000000000000000000000000000000a1");
    const other = "0x000000000000000000000000000000b2";
    const asked = (key: typeof cloid | ReturnType<typeof parseOid>, cloidTold: string | null) => {
      const order = { ...openRow(8), cloid: cloidTold };
      const body = { status: "order", order: { order, status: "open", statusTimestamp: 6 } };
      return perform({ kind: "orderStatus", key }, () => ({ body })).outcome;
    };
    for (const outcome of [asked(parseOid(7), null), asked(cloid, other)]) {
      expect(outcome.result).toMatchObject({ reason: expect.stringContaining("of order 8") });
      expect(outcome.remarks).toMatchObject([{ type: "unrecognized", channel: "orderStatus" }]);
      expect(outcome.raw).toContain('"oid":8');
    }
    expect(reportOf(asked(cloid, cloid))).toMatchObject({ found: { oid: 8 } });
    expect(reportOf(asked(cloid, null))).toMatchObject({ found: { oid: 8 } });
  });
});

describe("positions", () => {
  function state(coin: string, szi: string, time: number) {
    return { assetPositions: [{ type: "oneWay", position: { coin, szi } }], time };
  }

  it("joins the dexes at the earliest of their times, with spot balances by pair", () => {
    const scope: ReadScope = {
      ...SCOPE,
      spotPairs: [{ coin: parseCoin("PURR/USDC"), token: "PURR" }],
    };
    const { outcome } = perform(
      { kind: "positions" },
      ({ type, dex }) => {
        if (type === "spotClearinghouseState") {
          return {
            body: {
              balances: [{ coin: "PURR", token: 1, total: "7.5", hold: "0.0", entryNtl: "0.0" }],
            },
          };
        }
        return { body: dex === "" ? state("BTC", "0.5", 20) : state("xyz:SILVER", "-2.0", 10) };
      },
      scope,
    );
    const report = reportOf(outcome);
    expect(report).toMatchObject({
      kind: "positions",
      at: 10,
      hours: [
        { dex: "", at: 20 },
        { dex: "xyz", at: 10 },
      ],
    });
    // BTC was read later: a fill between the two hours is in its position already.
    expect(report.kind === "positions" && report.positions.map(({ at }) => at)).toEqual([
      20,
      undefined,
      undefined,
    ]);
    expect(report.kind === "positions" && report.positions.map(({ coin }) => coin)).toEqual([
      "BTC",
      "xyz:SILVER",
      "PURR/USDC",
    ]);
  });

  it("tells one hour when the dexes agree", () => {
    const { outcome } = perform({ kind: "positions" }, () => ({ body: state("BTC", "0.5", 20) }), {
      ...SCOPE,
      dexes: [""],
    });
    expect(reportOf(outcome)).toEqual({
      kind: "positions",
      positions: [{ coin: "BTC", size: parseDecimal("0.5") }],
      at: 20,
    });
  });

  it("fails when one dex does not answer", () => {
    const { outcome } = perform({ kind: "positions" }, ({ dex }) =>
      dex === "" ? { body: state("BTC", "0.5", 20) } : { status: 500, body: "null" },
    );
    expect(outcome.result).toEqual({ reason: "clearinghouseState: HTTP 500" });
  });
});

describe("fills", () => {
  const query: Query = { kind: "fills", fromMs: 1_000 };

  function rows(from: number, count: number, timeOf: (index: number) => number) {
    return Array.from({ length: count }, (_, index) => fillRow(from + index, timeOf(index)));
  }

  it("takes a short page as whole", () => {
    const { outcome, asked } = perform(query, () => ({
      body: rows(1, 3, (index) => 1_000 + index),
    }));
    expect(asked).toMatchObject([{ type: "userFillsByTime", startTime: 1_000, user: ACCOUNT }]);
    expect(reportOf(outcome)).toMatchObject({
      complete: true,
      fills: [{ tid: 1 }, { tid: 2 }, { tid: 3 }],
    });
  });

  it("pages on from the last time and drops the overlap", () => {
    const { outcome, asked } = perform(query, (_, count) => ({
      body:
        count === 1
          ? rows(1, 2_000, (index) => 2_000 + Math.floor(index / 2))
          : rows(1_999, 5, () => 2_999),
    }));
    expect(asked.map(({ startTime }) => startTime)).toEqual([1_000, 2_999]);
    const report = reportOf(outcome);
    expect(report).toMatchObject({ complete: true, pages: 2 });
    expect(report).not.toHaveProperty("cut");
    expect(report.kind === "fills" && report.fills.length).toBe(2_003);
  });

  it("situation 96: a page of a single millisecond may have been cut, so the read is not complete", () => {
    const { outcome, asked } = perform(query, (_, count) => ({
      body: count < 3 ? rows(1, 2_000, () => 2_000) : [],
    }));
    expect(asked.map(({ startTime }) => startTime)).toEqual([1_000, 2_000, 2_001]);
    expect(reportOf(outcome)).toMatchObject({
      complete: false,
      pages: 3,
      cut: { why: "a whole page was of one millisecond", fromMs: 2_000 },
    });
  });

  it("situation 96: a page that does not begin where the last one ended may miss rows", () => {
    const { outcome } = perform(query, (_, count) => {
      const page = rows(1, 1_999, (index) => 1_000 + index);
      // One absurd hour at the end would skip everything that is still to come.
      return { body: count === 1 ? [...page, fillRow(5_000, 2 ** 52)] : [] };
    });
    expect(reportOf(outcome)).toMatchObject({ complete: false });
  });

  it("a page that is repeated for ever comes to an end, and is not complete", () => {
    const page = rows(1, 2_000, (index) => 5_000 + index);
    const { outcome, asked } = perform(query, () => ({ body: page }));
    expect(asked.length).toBeLessThan(60);
    const report = reportOf(outcome);
    expect(report).toMatchObject({ complete: false });
    expect(report.kind === "fills" && report.fills.length).toBe(2_000);
  });

  it("is not complete when a row was not understood; the row is kept", () => {
    const { outcome } = perform(query, () => ({ body: [fillRow(1, 1_000), { coin: "BTC" }] }));
    expect(reportOf(outcome)).toMatchObject({ complete: false, fills: [{ tid: 1 }] });
    expect(outcome.remarks).toHaveLength(1);
  });

  it("is not complete when pages come in an order that could hide rows", () => {
    const { outcome } = perform(query, () => ({ body: [fillRow(2, 2_000), fillRow(1, 1_000)] }));
    expect(reportOf(outcome)).toMatchObject({ complete: false });
  });

  it("fails when a later page fails: part of the fills is no answer", () => {
    const { outcome } = perform(query, (_, count) =>
      count === 1
        ? { body: rows(1, 2_000, (index) => 1_000 + index) }
        : { status: 429, body: "null" },
    );
    expect(outcome.result).toEqual({ reason: "userFillsByTime: HTTP 429", throttled: true });
  });

  it("is not complete at the venue's reach, and comes to an end when the venue never does", () => {
    let tid = 0;
    const { outcome, asked } = perform(query, ({ startTime }) => {
      tid += 600;
      return { body: rows(tid, 600, (index) => Number(startTime) + 1 + index) };
    });
    expect(asked.length).toBeLessThan(60);
    expect(reportOf(outcome)).toMatchObject({ complete: false });
  });
});

describe("budget", () => {
  it("situation 119: tells what of the address budget is used, and what it grows with", () => {
    const { outcome, asked } = perform({ kind: "budget" }, () => ({
      body: { cumVlm: "52340.5", nRequestsUsed: 412, nRequestsCap: 62_340, nRequestsSurplus: 0 },
    }));
    expect(asked).toEqual([{ type: "userRateLimit", user: ACCOUNT }]);
    expect(reportOf(outcome)).toEqual({
      kind: "budget",
      used: 412,
      cap: 62_340,
      surplus: 0,
      volume: parseDecimal("52340.5"),
    });
  });

  it("situation 23: says that it was asked too often, and that it was not when it was not", () => {
    const said = (status: number) =>
      perform({ kind: "budget" }, () => ({ status, body: "null" })).outcome.result;
    expect(said(429)).toEqual({ reason: "userRateLimit: HTTP 429", throttled: true });
    expect(said(500)).toEqual({ reason: "userRateLimit: HTTP 500" });
  });
});

describe("key", () => {
  const UNTIL = 1_700_000_000_000;

  const MISSING: unknown = { role: "missing" };

  function key(agents: readonly unknown[], role = MISSING) {
    return perform({ kind: "key" }, ({ type }) => ({
      body: type === "extraAgents" ? agents : role,
    }));
  }

  it("the account's own key is not asked about", () => {
    const own = { ...SCOPE, signer: ACCOUNT };
    const { outcome, asked } = perform({ kind: "key" }, () => ({ body: [] }), own);
    expect(asked).toEqual([]);
    expect(reportOf(outcome)).toEqual({ kind: "key", permission: { kind: "own" } });
  });

  it("a named API wallet is listed with its end", () => {
    const { outcome, asked } = key([{ name: "one", address: KEY, validUntil: UNTIL }]);
    expect(asked).toEqual([{ type: "extraAgents", user: ACCOUNT }]);
    expect(reportOf(outcome)).toMatchObject({
      permission: { kind: "agent", name: "one", validUntil: UNTIL },
    });
  });

  it("one that is not listed is asked about by its role", () => {
    const role = { role: "agent", data: { user: ACCOUNT } };
    expect(reportOf(key([], role).outcome)).toMatchObject({ permission: { kind: "agent" } });
    const foreign = { role: "agent", data: { user: KEY } };
    expect(reportOf(key([], foreign).outcome)).toMatchObject({ permission: { kind: "none" } });
    const { outcome, asked } = key([]);
    expect(asked.at(-1)).toEqual({ type: "userRole", user: KEY });
    expect(reportOf(outcome)).toMatchObject({ permission: { kind: "none" } });
  });

  it("a read that fails says nothing of the key", () => {
    const failed = perform({ kind: "key" }, () => ({ status: 502, body: "html" }));
    expect(failed.outcome.result).toEqual({ reason: "extraAgents: HTTP 502" });
  });
});

describe("markets", () => {
  const NOTHING_ELSE = { spotMeta: { universe: [], tokens: [] }, perpDexs: [null] };

  function reread(universe: readonly unknown[], was: readonly unknown[] = [BTC, ETH]) {
    const scope = { ...SCOPE, listings: listingsOf(was) };
    const answers: Readonly<Record<string, unknown>> = { ...NOTHING_ELSE, meta: { universe } };
    const { outcome } = perform(
      { kind: "markets" },
      ({ type }) => ({ body: answers[String(type)] }),
      scope,
    );
    return { outcome, assets: scope.listings.assets };
  }

  it("nothing changed: nothing is told, and no text is kept", () => {
    const { outcome } = reread([BTC, ETH]);
    expect(outcome).toEqual({ result: { report: { kind: "markets", changes: [] } }, remarks: [] });
  });

  it("tells what is listed, delisted, and traded by other rules, and goes by them from then on", () => {
    const { outcome, assets } = reread([
      { ...BTC, isDelisted: true },
      { ...ETH, szDecimals: 3, maxLeverage: 10 },
      { name: "NEW", szDecimals: 2 },
    ]);
    expect(reportOf(outcome)).toEqual({
      kind: "markets",
      changes: [
        { type: "delisted", coin: "BTC" },
        { type: "sizeDecimals", coin: "ETH", from: 4, to: 3 },
        { type: "maxLeverage", coin: "ETH", from: 25, to: 10 },
        { type: "listed", coin: "NEW", market: expect.objectContaining({ coin: "NEW" }) },
      ],
    });
    expect(assets.market("BTC")).toMatchObject({ delisted: true });
    expect(assets.market("ETH")).toMatchObject({ sizeDecimals: 3, priceDecimals: 3 });
    expect(assets.assetId("NEW")).toBe(2);
    expect(outcome.raw).toContain("isDelisted");
  });

  it("a coin that comes back is told as relisted", () => {
    const { outcome } = reread([BTC], [{ ...BTC, isDelisted: true }]);
    expect(reportOf(outcome)).toMatchObject({ changes: [{ type: "relisted", coin: "BTC" }] });
  });

  it("what is broken stays as it was; what is gone from the end is delisted and keeps its number", () => {
    const { outcome, assets } = reread([{ name: "BTC" }]);
    expect(reportOf(outcome)).toMatchObject({ changes: [{ type: "delisted", coin: "ETH" }] });
    expect(assets.market("BTC")).toMatchObject({ sizeDecimals: 5, delisted: false });
    expect(assets.assetId("ETH")).toBe(1);
  });

  it("a place that is another coin is not believed: each number would be another market's", () => {
    const { outcome, assets } = reread([ETH, BTC]);
    expect(outcome.result).toEqual({ reason: 'meta of dex "": place 0 was BTC and is ETH' });
    expect(assets.assetId("BTC")).toBe(0);
  });

  it("a dex in another place is not believed either", () => {
    const { listings } = { listings: listingsOf([BTC]) };
    const spotMeta = { universe: [], tokens: [], broken: [] };
    expect(listings.take({ metas: [], spotMeta, perpDexs: ["other"] })).toBe(
      "perpDexs: place 0 is another dex",
    );
  });

  it("spot pairs that are left out stay, new ones are taken up", () => {
    const pair = { name: "PURR/USDC", index: 0, base: 1, quote: 0 };
    const token = { name: "PURR", index: 1, sizeDecimals: 0 };
    const metas = [{ dex: "", meta: metaOf([BTC]) }];
    const none = { universe: [], tokens: [], broken: [] };
    const both = { universe: [pair], tokens: [token], broken: [] };
    const listings = new LiveListings({ metas, spotMeta: none, perpDexs: [""] });
    expect(listings.spotPairs).toEqual([]);
    expect(listings.take({ metas, spotMeta: both, perpDexs: [""] })).toEqual([
      {
        type: "listed",
        coin: "PURR/USDC",
        market: expect.objectContaining({ kind: "spot" }),
      },
    ]);
    expect(listings.take({ metas, spotMeta: none, perpDexs: [""] })).toEqual([]);
    expect(listings.spotPairs).toEqual([{ coin: "PURR/USDC", token: "PURR" }]);
  });
});
