import { add, divideCut, multiply, parseDecimal } from "@cloister/model";
import { printDecimal } from "../print.ts";
import type { WireFill } from "./fill.ts";

/** Digits after the dot of a merged price. */
const PRICE_DIGITS = 10;

/**
 * What `aggregateByTime` makes of fills, oldest first: those of one crossing order in one block are one, and dust is
 * left out (protocol §4.2). The first of them lends its trade id, its start and its name.
 */
export function aggregateFills(fills: readonly WireFill[]): WireFill[] {
  const merged: WireFill[] = [];
  let run: WireFill[] = [];
  const flush = (): void => {
    const [first] = run;
    if (first !== undefined) merged.push(run.length === 1 ? first : merge(first, run));
    run = [];
  };
  for (const fill of fills) {
    if (fill.tid === 0) continue;
    if (!isSameTaking(run.at(-1), fill)) flush();
    run.push(fill);
  }
  flush();
  return merged;
}

function isSameTaking(before: WireFill | undefined, fill: WireFill): boolean {
  return (
    before !== undefined &&
    before.crossed &&
    fill.crossed &&
    before.oid === fill.oid &&
    before.time === fill.time
  );
}

function merge(first: WireFill, run: readonly WireFill[]): WireFill {
  const sum = (of: (fill: WireFill) => string | undefined): string =>
    printDecimal(run.map((fill) => parseDecimal(of(fill) ?? "0")).reduce(add));
  const size = sum(({ sz }) => sz);
  const value = run.map(({ px, sz }) => multiply(parseDecimal(px), parseDecimal(sz))).reduce(add);
  return {
    ...first,
    px: printDecimal(divideCut(value, parseDecimal(size), PRICE_DIGITS)),
    sz: size,
    closedPnl: sum(({ closedPnl }) => closedPnl),
    fee: sum(({ fee }) => fee),
    ...(first.builderFee === undefined ? {} : { builderFee: sum(({ builderFee }) => builderFee) }),
  };
}
