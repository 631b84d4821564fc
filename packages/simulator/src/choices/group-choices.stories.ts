import { group, trigger } from "../market/groups.fixture.ts";
import type { Choices } from "./choices.ts";
import { bid, modify, openPrices, type Stage, stage, type Story } from "./story.fixture.ts";

const FIRST = 700_000_000_001;
const tp = trigger({ a: 1, kind: "tp", px: "2100", p: "1900", s: "1" });
const sl = trigger({ a: 1, kind: "sl", px: "2000", p: "1800", s: "1" });

type Told = "groupUpdates" | "modifiedGroup";

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

/** Each message of updates, with the number of each order. */
function told(desk: Stage["alice"]): string[][] {
  type Update = { readonly status: string; readonly order: { readonly oid: number } };
  return (desk.heard("orderUpdates") as Update[][]).map((updates) =>
    updates.map(({ status, order }) => `${order.oid - FIRST} ${status}`),
  );
}
