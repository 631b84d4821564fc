import { group, trigger } from "../market/groups.fixture.ts";
import type { Choices } from "./choices.ts";
import { bid, modify, openPrices, type Stage, stage, type Story } from "./story.fixture.ts";

const FIRST = 700_000_000_001;
const tp = trigger({ a: 1, kind: "tp", px: "2100", p: "1900", s: "1" });
const sl = trigger({ a: 1, kind: "sl", px: "2000", p: "1800", s: "1" });

type Told = "firedTrigger" | "groupUpdates" | "modifiedGroup";

/** TP/SL orders of a group, under each word of each choice. The book is of two orders: oids count from the third. */
export const GROUP_STORIES: { readonly [Name in Told]: Story<Choices[Name]> } = {
  groupUpdates: {
    tell: (rules) => {
      const { at, alice, carol } = stage(rules);
      alice.statuses(group("normalTpsl", [bid("2080.5", "1"), tp, sl]));
      carol.place(bid("2099", "1"));
      at.exchange.setMark("ETH", "2101");
      alice.pass();
      return told(alice);
    },
    words: {
      causeFirst: [
        ["2 open", "2 filled", "3 open", "4 open"],
        ["3 triggered", "3 filled", "4 siblingFilledCanceled"],
      ],
      causeLast: [
        ["2 open", "3 open", "4 open", "2 filled"],
        ["3 triggered", "4 siblingFilledCanceled", "3 filled"],
      ],
    },
  },
  firedTrigger: {
    tell: (rules) => {
      const { at, alice } = stage(rules);
      alice.place(bid("2080.5", "1"));
      const slow = trigger({ a: 1, kind: "sl", px: "2000", p: "2100", s: "1", isMarket: false });
      alice.statuses(group("na", [slow]));
      at.exchange.setMark("ETH", "1999");
      alice.pass();
      const [row] = alice.info({ type: "frontendOpenOrders", user: alice.user }) as (
        | Shown
        | undefined
      )[];
      if (row === undefined) throw new Error("it does not rest");
      return [row.isTrigger, row.triggerCondition, row.triggerPx, row.orderType, row.tif];
    },
    words: {
      kept: [true, "Price below 2000", "2000.0", "Stop Limit", "Gtc"],
      dropped: [false, "N/A", "0.0", "Limit", "Gtc"],
    },
  },
  modifiedGroup: {
    tell: (rules) => {
      const { alice } = stage(rules);
      alice.statuses(group("normalTpsl", [bid("2050", "1"), tp, sl]));
      alice.forget();
      modify(alice, FIRST + 2, bid("2051", "1", { tif: "Alo" }));
      return [...told(alice), openPrices(alice)];
    },
    words: {
      left: [["5 open", "2 canceled", "3 canceled", "4 canceled"], ["2051.0"]],
      kept: [
        ["5 open", "2 canceled"],
        ["2051.0", "1800.0", "1900.0"],
      ],
    },
  },
};

type Shown = Readonly<
  Record<"isTrigger" | "triggerCondition" | "triggerPx" | "orderType" | "tif", unknown>
>;

/** Each message of updates, with the number of each order. */
function told(desk: Stage["alice"]): string[][] {
  type Update = { readonly status: string; readonly order: { readonly oid: number } };
  return (desk.heard("orderUpdates") as Update[][]).map((updates) =>
    updates.map(({ status, order }) => `${order.oid - FIRST} ${status}`),
  );
}
