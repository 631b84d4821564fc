import { parseDecimal } from "@cloister/model";
import type { BookFill } from "./books.ts";

/** A fill as the venue prints it (protocol §4.2): only what an audit compares. */
export type FillRow = {
  readonly coin: string;
  readonly side: string;
  readonly px: string;
  readonly sz: string;
  readonly oid: number;
  readonly tid: number;
  readonly time: number;
  readonly fee: string;
  readonly feeToken: string;
};

/** @throws invalidSpec for a number that is none. */
export function bookFillOf(row: FillRow): BookFill {
  return {
    coin: row.coin,
    side: row.side === "B" ? "buy" : "sell",
    price: parseDecimal(row.px),
    size: parseDecimal(row.sz),
    oid: row.oid,
    tid: row.tid,
    at: row.time,
    fee: parseDecimal(row.fee),
    feeToken: row.feeToken,
  };
}
