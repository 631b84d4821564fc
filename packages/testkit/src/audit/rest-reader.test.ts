import { formatDecimal } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { type AskInfo, createRestReader } from "./rest-reader.ts";

const USER = "0x1111111111111111111111111111111111111111";
const MARK = "abcdef01";
const START = 1_700_000_000_000;

function cloid(number: number, mark = MARK): string {
  return `0x${mark}${String(number).padStart(24, "0")}`;
}

function record(oid: number, status: string, own: string | null = cloid(oid)): unknown {
  return { order: { oid, cloid: own, origSz: "0.002", sz: "0.0" }, status, statusTimestamp: START };
}

function fill(oid: number, tid: number, time = START + 5): unknown {
  return {
    coin: "BTC",
    px: "64000.0",
    sz: "0.001",
    side: "B",
    time,
    startPosition: "0.0",
    dir: "Open Long",
    closedPnl: "0.0",
    hash: `0x${"0".repeat(64)}`,
    oid,
    crossed: false,
    fee: "0.0096",
    tid,
    feeToken: "USDC",
    twapId: null,
  };
}

/** An exchange that answers each type of request from a list of scripted answers, the last one again and again. */
function scripted(answers: Readonly<Record<string, readonly unknown[]>>): {
  ask: AskInfo;
  asked: Readonly<Record<string, unknown>>[];
} {
  const asked: Readonly<Record<string, unknown>>[] = [];
  const state = {
    assetPositions: [
      { type: "oneWay", position: { coin: "BTC", szi: "0.002" } },
      { type: "oneWay", position: { coin: "ETH", szi: "0.0" } },
    ],
    time: START,
  };
  const all: Readonly<Record<string, readonly unknown[]>> = {
    clearinghouseState: [state],
    historicalOrders: [[]],
    userFillsByTime: [[]],
    orderStatus: [{ status: "unknownOid" }],
    ...answers,
  };
  const turns = new Map<string, number>();
  return {
    asked,
    ask: (request) => {
      asked.push(request);
      const type = String(request["type"]);
      const turn = turns.get(type) ?? 0;
      turns.set(type, turn + 1);
      return Promise.resolve(all[type]?.[turn] ?? all[type]?.at(-1));
    },
  };
}

describe("a REST reader", () => {
  it("joins records and fills to orders, only those with the mark", async () => {
    const { ask } = scripted({
      historicalOrders: [
        [record(3, "open", null), record(2, "canceled", cloid(2, "99999999")), record(1, "filled")],
      ],
      userFillsByTime: [[fill(1, 70), fill(1, 71), fill(2, 72)]],
    });
    const reader = await createRestReader(ask, { user: USER, mark: MARK });
    const books = await reader.books([cloid(1)]);
    expect(books.orders).toHaveLength(1);
    expect(books.orders[0]).toMatchObject({ cloid: cloid(1), state: "filled", oids: [1] });
    expect(books.orders.map(({ filled }) => formatDecimal(filled))).toEqual(["0.002"]);
    expect(books.fills.map(({ tid }) => tid)).toEqual([70, 71]);
    expect([...books.positions.keys()]).toEqual(["BTC"]);
  });

  it("lets the newest status of an oid stand: an oid may be listed twice", async () => {
    const { ask } = scripted({ historicalOrders: [[record(1, "canceled"), record(1, "open")]] });
    const reader = await createRestReader(ask, { user: USER, mark: MARK });
    expect((await reader.books([])).orders[0]).toMatchObject({ state: "canceled" });
  });

  it("remembers what the exchange forgets, and asks one by one for what it never saw", async () => {
    const { ask, asked } = scripted({
      historicalOrders: [[record(1, "filled")], [record(2, "canceled")]],
      orderStatus: [{ status: "order", order: record(3, "rejected") }, { status: "unknownOid" }],
    });
    const reader = await createRestReader(ask, { user: USER, mark: MARK });
    await reader.collect();
    const books = await reader.books([1, 2, 3, 4].map((number) => cloid(number)));
    expect(books.orders.map(({ state }) => state)).toEqual(["filled", "canceled", "rejected"]);
    const single = asked.filter(({ type }) => type === "orderStatus");
    expect(single.map(({ oid }) => oid)).toEqual([cloid(3), cloid(4)]);
  });

  it("reads fills page by page, and keeps each once", async () => {
    const rows = Array.from({ length: 2_000 }, (_, index) => fill(1, index, START + index));
    const { ask, asked } = scripted({
      historicalOrders: [[record(1, "filled")]],
      userFillsByTime: [rows, [...rows.slice(-1), fill(1, 9_999, START + 2_500)]],
    });
    const reader = await createRestReader(ask, { user: USER, mark: MARK });
    expect((await reader.books([])).fills).toHaveLength(2_001);
    const pages = asked.filter(({ type }) => type === "userFillsByTime");
    expect(pages.map(({ startTime }) => startTime)).toEqual([START, START + 1_999]);
  });

  it("never takes an answer that it cannot read for an empty one", async () => {
    for (const broken of [null, {}, "busy", [{ order: {} }]]) {
      const { ask } = scripted({ historicalOrders: [broken] });
      const reader = await createRestReader(ask, { user: USER, mark: MARK });
      await expect(reader.books([])).rejects.toThrow("instead of");
    }
  });
});
