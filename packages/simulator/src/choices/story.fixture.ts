import { parseAddress } from "@cloister/model";
import { ALICE, BOB, Desk, limit, openExchange } from "../desk.fixture.ts";
import type { ExchangeOptions } from "../options.ts";
import type { RulesOption } from "./rules.ts";

const CAROL = parseAddress("0x3333333333333333333333333333333333333333");
export const CLOID = "0x000000000000000000000000000000a1";

/** What is seen of one choice under given rules, and what each of its words makes of it. */
export type Story<Word extends string> = {
  readonly tell: (rules: RulesOption) => unknown;
  readonly words: Readonly<Record<Word, unknown>>;
};

export type Stage = {
  readonly at: ReturnType<typeof openExchange>;
  readonly alice: Desk;
  readonly bob: Desk;
  readonly carol: Desk;
};

/** Three rich accounts and a book of 2079.9@2080.5 on ETH (asset 1), of BOB, one coin each. */
export function stage(rules: RulesOption, options: Partial<ExchangeOptions> = {}): Stage {
  const accounts = [ALICE, BOB, CAROL].map((address) => ({ address, deposit: "1000000" }));
  const at = openExchange({ accounts, rules, ...options });
  const alice = new Desk(at, ALICE);
  const bob = new Desk(at, BOB);
  const carol = new Desk(at, CAROL);
  bob.place(bid("2079.9", "1"));
  bob.place(ask("2080.5", "1"));
  for (const desk of [alice, bob]) desk.subscribe({ type: "orderUpdates", user: desk.user });
  return { at, alice, bob, carol };
}

type Terms = { readonly tif?: string; readonly r?: boolean; readonly c?: string };

export function bid(p: string, s: string, terms: Terms = {}): object {
  return limit({ a: 1, b: true, p, s, ...terms });
}

export function ask(p: string, s: string, terms: Terms = {}): object {
  return limit({ a: 1, b: false, p, s, ...terms });
}

type Update = { readonly status: string; readonly order: { readonly oid: number; sz: string } };

/** Every update a desk heard, as "status size". */
export function updates(desk: Desk, oid?: number): string[] {
  return inShort(desk.heard("orderUpdates").flat(), oid);
}

/** The same of some elements. */
export function inShort(elements: readonly unknown[], oid?: number): string[] {
  return (elements as Update[])
    .filter(({ order }) => oid === undefined || order.oid === oid)
    .map(({ status, order }) => `${status} ${order.sz}`);
}

/** Limit prices of a desk's open orders, newest first. */
export function openPrices(desk: Desk): string[] {
  const rows = desk.info({ type: "openOrders", user: desk.user }) as { limitPx: string }[];
  return rows.map(({ limitPx }) => limitPx);
}

/** The last word of reads about an order. */
export function statusOf(desk: Desk, oid: number | string): string {
  const answer = desk.info({ type: "orderStatus", user: desk.user, oid }) as {
    status: string;
    order?: { status: string };
  };
  return answer.order?.status ?? answer.status;
}

/** The oid of an order that rests now. */
export function rests(desk: Desk, order: object): number {
  return (desk.place(order) as { resting: { oid: number } }).resting.oid;
}

/** The kind of an order's answer: its key, or its text when it is a bare word. */
export function kind(status: unknown): string {
  return typeof status === "string" ? status : (Object.keys(status as object)[0] ?? "");
}

/** One replacement by batchModify; gives its status. */
export function modify(desk: Desk, oid: number, order: object): unknown {
  return desk.statuses({ type: "batchModify", modifies: [{ oid, order }] })[0];
}
