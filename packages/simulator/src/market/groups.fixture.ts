import type { Desk } from "../desk.fixture.ts";

/** TP/SL orders of BTC, short to write. */

export type Row = {
  readonly oid: number;
  readonly sz: string;
  readonly origSz: string;
  readonly isPositionTpsl: boolean;
  readonly children: readonly Row[];
};

/** Closes a long position of 0.002 when the mark price is reached. */
export function trigger(terms: {
  kind: "tp" | "sl";
  px: string;
  p?: string;
  s?: string;
  b?: boolean;
  r?: boolean;
  a?: number;
  isMarket?: boolean;
  c?: string;
}): object {
  return {
    a: terms.a ?? 0,
    b: terms.b ?? false,
    p: terms.p ?? "60000",
    s: terms.s ?? "0.002",
    r: terms.r ?? true,
    t: { trigger: { isMarket: terms.isMarket ?? true, triggerPx: terms.px, tpsl: terms.kind } },
    ...(terms.c === undefined ? {} : { c: terms.c }),
  };
}

export function group(grouping: unknown, orders: readonly object[]): object {
  return { type: "order", orders, grouping };
}

export function cancelOf(...oids: readonly number[]): object {
  return { type: "cancel", cancels: oids.map((o) => ({ a: 0, o })) };
}

/** What a desk heard of its orders: "2 open" is the status of the third oid from `first` on. */
export function wordsOf(desk: Desk, first: number): string[] {
  return (desk.heard("orderUpdates") as { status: string; order: { oid: number } }[][])
    .flat()
    .map(({ status, order }) => `${order.oid - first} ${status}`);
}

export function row(rows: readonly Row[], oid: number): Row | undefined {
  return rows.find((one) => one.oid === oid);
}
