import { parseDecimal, ZERO } from "@cloister/model";
import { describe, expect, it } from "vitest";
import type { BookFill, BookOrder, Books } from "./books.ts";
import { compareBooks } from "./compare.ts";
import { printAudit } from "./print.ts";

const ORDER: BookOrder = {
  cloid: "0x000000000000000000000000000000a1",
  state: "filled",
  filled: parseDecimal("0.002"),
  oids: [11],
};

const FILL: BookFill = {
  coin: "BTC",
  side: "buy",
  price: parseDecimal("64000"),
  size: parseDecimal("0.002"),
  oid: 11,
  tid: 7,
  at: 1_700_000_000_000,
  fee: parseDecimal("0.0192"),
  feeToken: "USDC",
};

function books(given: Partial<Books> = {}): Books {
  return {
    orders: [ORDER],
    fills: [FILL],
    positions: new Map([["BTC", parseDecimal("0.002")]]),
    ...given,
  };
}

/** The fields that differ, as "of field engine≠exchange". */
function differences(engine: Books, exchange: Books): string[] {
  return compareBooks(engine, exchange).differences.map(
    (found) => `${found.of} ${found.field} ${found.engine}≠${found.exchange}`,
  );
}

describe("compareBooks", () => {
  it("agrees when both sides state the same, in any order", () => {
    const other: BookOrder = { ...ORDER, cloid: "0xb", state: "canceled", oids: [12, 13] };
    const audit = compareBooks(
      books({ orders: [ORDER, other] }),
      books({ orders: [{ ...other, oids: [13, 12] }, ORDER] }),
    );
    expect(audit).toMatchObject({
      agrees: true,
      orders: { engine: 2, exchange: 2, compared: 2, differences: 0 },
      fills: { engine: 1, exchange: 1, compared: 1, differences: 0 },
      positions: { compared: 1, differences: 0 },
      lines: [
        { what: "fills: BTC bought", engine: "0.002", exchange: "0.002" },
        { what: "fills: fees in USDC", engine: "0.0192", exchange: "0.0192" },
        { what: "orders: canceled", engine: "1", exchange: "1" },
        { what: "orders: filled", engine: "1", exchange: "1" },
        { what: "position: BTC", engine: "0.002", exchange: "0.002" },
      ],
      differences: [],
    });
  });

  it.each<[string, Partial<BookOrder>, string]>([
    ["state", { state: "canceled" }, "order state filled≠canceled"],
    ["filled size", { filled: parseDecimal("0.001") }, "order filled 0.002≠0.001"],
    ["oids", { oids: [11, 12] }, "order oids 11≠11,12"],
  ])("finds another %s", (_name, planted, found) => {
    expect(differences(books(), books({ orders: [{ ...ORDER, ...planted }] }))).toEqual([found]);
  });

  it("finds an order that one side does not have, either way", () => {
    expect(differences(books(), books({ orders: [] }))).toEqual(["order state filled≠absent"]);
    expect(differences(books({ orders: [] }), books())).toEqual(["order state absent≠filled"]);
  });

  it("finds an order that still lives", () => {
    const live = books({ orders: [{ ...ORDER, state: "live" }] });
    expect(differences(live, books())).toEqual(["order state live≠filled"]);
  });

  it("accepts that the exchange has no record of what never had an oid, and nothing else", () => {
    const refused: BookOrder = {
      cloid: "0xc",
      state: "rejected",
      filled: parseDecimal("0"),
      oids: [],
    };
    const empty = books({ orders: [] });
    expect(differences(books({ orders: [refused] }), empty)).toEqual([]);
    expect(differences(books({ orders: [{ ...refused, oids: [5] }] }), empty)).toHaveLength(1);
    expect(differences(books({ orders: [{ ...refused, state: "live" }] }), empty)).toHaveLength(1);
  });

  it("accepts a refusal whose oid only the exchange knows", () => {
    const refused: BookOrder = { ...ORDER, state: "rejected", filled: parseDecimal("0"), oids: [] };
    const record = { ...refused, oids: [31] };
    expect(differences(books({ orders: [refused] }), books({ orders: [record] }))).toEqual([]);
    const canceled = { ...refused, state: "canceled" as const };
    expect(
      differences(books({ orders: [canceled] }), books({ orders: [{ ...canceled, oids: [31] }] })),
    ).toEqual(["order oids ≠31"]);
  });

  it.each<[string, Partial<BookFill>, string]>([
    ["side", { side: "sell" }, "fill side buy≠sell"],
    ["price", { price: parseDecimal("64001") }, "fill price 64000≠64001"],
    ["size", { size: parseDecimal("0.003") }, "fill size 0.002≠0.003"],
    ["fee", { fee: parseDecimal("0.02") }, "fill fee 0.0192 USDC≠0.02 USDC"],
    ["fee token", { feeToken: "USDH" }, "fill fee 0.0192 USDC≠0.0192 USDH"],
  ])("finds a fill of another %s", (_name, planted, found) => {
    expect(differences(books(), books({ fills: [{ ...FILL, ...planted }] }))).toEqual([found]);
  });

  it.each<[string, Partial<BookFill>]>([
    ["tid", { tid: 8 }],
    ["time", { at: 1_700_000_000_001 }],
    ["oid", { oid: 12 }],
    ["coin", { coin: "ETH" }],
  ])("takes a fill of another %s for another fill", (_name, planted) => {
    const audit = compareBooks(books(), books({ fills: [{ ...FILL, ...planted }] }));
    expect(audit.fills).toEqual({ engine: 1, exchange: 1, compared: 2, differences: 2 });
  });

  it("finds a fill that was booked twice, and one that was lost", () => {
    expect(differences(books({ fills: [FILL, FILL] }), books())).toEqual(["fill times 2≠1"]);
    expect(differences(books({ fills: [] }), books())).toEqual([
      "fill presence absent≠buy 0.002 @ 64000",
    ]);
  });

  it("finds another position; a coin that is absent is flat", () => {
    const flat = books({ positions: new Map() });
    expect(differences(books(), flat)).toEqual(["position size 0.002≠0"]);
    const zero = books({ positions: new Map([["ETH", parseDecimal("0")]]) });
    expect(differences(flat, zero)).toEqual([]);
  });
});

describe("printAudit", () => {
  it("says every difference, and the result", () => {
    const text = printAudit(compareBooks(books({ fills: [] }), books()));
    expect(text).toMatch(/^fills +0 +1 +1 +1$/m);
    expect(text).toMatch(/^ {2}fills: BTC bought +0 +0\.002 +differs$/m);
    expect(text).toContain("DIFFERENT fill BTC oid 11 tid 7 at 1700000000000: presence is absent");
    expect(text).toContain("RESULT: 1 difference\n");
    expect(printAudit(compareBooks(books(), books()))).toContain("agree");
  });

  it("does not call a difference what agrees: no record is kept of a refusal without an oid", () => {
    const refused: BookOrder = { ...ORDER, state: "rejected", filled: ZERO, oids: [] };
    const audit = compareBooks(books({ orders: [refused] }), books({ orders: [] }));
    expect(printAudit(audit)).toMatch(/^ {2}orders: rejected +1 +0 +no record$/m);
    expect(printAudit(compareBooks(books(), books({ orders: [] })))).toMatch(
      /^ {2}orders: filled +1 +0 +differs$/m,
    );
  });

  it("does not say that books agree in which nothing happened", () => {
    const idle = books({ fills: [], positions: new Map() });
    const text = printAudit(compareBooks(idle, idle));
    expect(text).toContain("RESULT: nothing was traded, so nothing was proved\n");
    expect(text).not.toContain("agree");
  });
});
