import { parseDecimal } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { decodeL2Book, readBook } from "./l2-book.codec.ts";

const BOOK = {
  coin: "BTC",
  time: 5,
  levels: [[{ px: "64000.0", sz: "1.25", n: 3 }], [{ px: "64001.0", sz: "0.5", n: 1 }]],
};

describe("l2Book (protocol §4.5)", () => {
  it("reads the whole book", () => {
    expect(decodeL2Book(BOOK)).toEqual({
      kind: "market",
      channel: "l2Book",
      data: {
        kind: "book",
        coin: "BTC",
        at: 5,
        bids: [{ price: parseDecimal("64000"), size: parseDecimal("1.25"), orders: 3 }],
        asks: [{ price: parseDecimal("64001"), size: parseDecimal("0.5"), orders: 1 }],
      },
      broken: [],
    });
  });

  it("a delisted coin has an empty book", () => {
    expect(readBook({ ...BOOK, levels: [[], []] })).toMatchObject({
      value: { bids: [], asks: [] },
    });
  });

  it.each([
    [null],
    [{ ...BOOK, levels: [[]] }],
    [{ ...BOOK, levels: [[{}], []] }],
    [{ ...BOOK, coin: 1 }],
  ])("refuses %j: a book with a hole is none", (data) => {
    expect(decodeL2Book(data)).toMatchObject({ kind: "unrecognized", channel: "l2Book" });
  });
});
