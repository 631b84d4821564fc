import { ALICE, limit } from "../desk.fixture.ts";
import type { Choices } from "./choices.ts";
import { bid, stage, type Story } from "./story.fixture.ts";

/** What trading costs and how it is counted, under each word of each choice. */
export const MONEY_STORIES: {
  readonly [Name in "tradeIds" | "funding"]: Story<Choices[Name]>;
} = {
  tradeIds: {
    tell: (rules) => {
      const { alice, bob } = stage(rules);
      bob.place(limit({ b: false, p: "64000", s: "0.01" }));
      const orders = [limit({ b: true, p: "64000", s: "0.01" }), bid("2080.5", "1")];
      alice.act({ type: "order", orders, grouping: "na" });
      const fills = alice.info({ type: "userFills", user: ALICE }) as { tid: number }[];
      return new Set(fills.map(({ tid }) => tid)).size;
    },
    words: { distinct: 2, collide: 1 },
  },
  funding: {
    tell: (rules) => {
      const { at, alice } = stage(rules, { blockMs: 60_000 });
      alice.post({ type: "order", orders: [bid("2080.5", "1")], grouping: "na" });
      at.clock.advanceBy(3_600_000);
      const startTime = 0;
      const rows = alice.info({ type: "userFunding", user: ALICE, startTime }) as object[];
      return rows.length;
    },
    words: { hourly: 1, none: 0 },
  },
};
