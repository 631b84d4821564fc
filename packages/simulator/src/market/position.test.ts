import { formatDecimal, parseDecimal } from "@cloister/model";
import { expect, it } from "vitest";
import { executed, FLAT, type Position } from "./position.ts";

type Row = [
  side: "buy" | "sell",
  size: string,
  price: string,
  dir: string,
  pnl: string,
  after: string,
  entry: string,
];

/** One account's life, each line starting from the position the line before left. */
const LIFE: Row[] = [
  ["buy", "2", "100", "Open Long", "0", "2", "200"],
  ["buy", "1", "130", "Open Long", "0", "3", "330"],
  ["sell", "1", "120", "Close Long", "10", "2", "220"],
  ["sell", "5", "90", "Long > Short", "-40", "-3", "270"],
  ["sell", "1", "80", "Open Short", "0", "-4", "350"],
  ["buy", "2", "100", "Close Short", "-25", "-2", "175"],
  ["buy", "2", "87.5", "Close Short", "0", "0", "0"],
  ["sell", "1", "50", "Open Short", "0", "-1", "50"],
  ["buy", "3", "40", "Short > Long", "10", "2", "80"],
];

it("follows a position through opening, closing and flipping", () => {
  let position: Position = FLAT;
  for (const [side, size, price, dir, pnl, after, entry] of LIFE) {
    const change = executed(position, {
      isBuy: side === "buy",
      size: parseDecimal(size),
      price: parseDecimal(price),
    });
    position = change.position;
    expect([
      change.dir,
      formatDecimal(change.closedPnl),
      formatDecimal(position.size),
      formatDecimal(position.entryValue),
    ]).toEqual([dir, pnl, after, entry]);
  }
});
