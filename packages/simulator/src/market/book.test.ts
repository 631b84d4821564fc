import { formatDecimal, parseDecimal, ZERO } from "@cloister/model";
import { expect, it } from "vitest";
import { Book } from "./book.ts";
import { ALICE } from "../desk.fixture.ts";
import type { Order } from "../ledger/order.ts";
import { createUniverse, DEFAULT_UNIVERSE } from "./universe.ts";

const [asset] = createUniverse(DEFAULT_UNIVERSE).assets;

function order(oid: number, side: "buy" | "sell", [price, size]: [string, string]): Order {
  if (asset === undefined) throw new Error("no asset");
  return {
    oid,
    owner: ALICE,
    terms: {
      asset,
      isBuy: side === "buy",
      price: parseDecimal(price),
      size: parseDecimal(size),
      reduceOnly: false,
      tif: "Gtc",
    },
    placedAtMs: 0,
    remaining: parseDecimal(size),
    filled: ZERO,
    waits: false,
    dormant: false,
    open: true,
    statuses: [],
  };
}

it("serves the best price first, and at one price the first who came", () => {
  const book = new Book();
  for (const bid of [
    order(1, "buy", ["100", "1"]),
    order(2, "buy", ["101", "1"]),
    order(3, "buy", ["101", "2"]),
    order(4, "buy", ["99", "1"]),
  ]) {
    book.add(bid);
  }
  for (const ask of [
    order(5, "sell", ["103", "1"]),
    order(6, "sell", ["102", "1"]),
    order(7, "sell", ["102", "1"]),
  ]) {
    book.add(ask);
  }
  expect(book.orders(true).map(({ oid }) => oid)).toEqual([2, 3, 1, 4]);
  expect(book.orders(false).map(({ oid }) => oid)).toEqual([6, 7, 5]);
  expect(book.first(true)?.oid).toBe(2);
  expect(book.first(false)?.oid).toBe(6);
});

it("sums a level and counts its orders", () => {
  const book = new Book();
  for (const bid of [
    order(1, "buy", ["100", "1"]),
    order(2, "buy", ["100", "0.5"]),
    order(3, "buy", ["99", "4"]),
  ]) {
    book.add(bid);
  }
  expect(
    book
      .levels(true, 1)
      .map(({ price, size, count }) => [formatDecimal(price), formatDecimal(size), count]),
  ).toEqual([["100", "1.5", 2]]);
});

it("takes out only what rests in it", () => {
  const book = new Book();
  const one = order(1, "buy", ["100", "1"]);
  const two = order(2, "buy", ["100", "1"]);
  book.add(one);
  expect(book.remove(two)).toBe(false);
  expect(book.remove(one)).toBe(true);
  expect(book.remove(one)).toBe(false);
  expect(book.bestPrice(true)).toBeUndefined();
});
