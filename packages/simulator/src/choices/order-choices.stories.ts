import type { Choices } from "./choices.ts";
import {
  ask,
  bid,
  CLOID,
  kind,
  modify,
  openPrices,
  rests,
  stage,
  statusOf,
  type Story,
  updates,
} from "./story.fixture.ts";

const INVALID = { error: "Attempted to modify to invalid new order" };
const trigger = { trigger: { isMarket: true, triggerPx: "1900", tpsl: "sl" } };

type Told =
  | "restingFill"
  | "reduceOnlyResize"
  | "partialIocSize"
  | "partialIocStatus"
  | "partlyFilledGtc"
  | "triggerAnswer"
  | "reusedCloid"
  | "invalidReplacement"
  | "crossingReplacement"
  | "modifyAcross"
  | "samePriceModify"
  | "plainModify"
  | "modifyUpdates"
  | "modifyCloid"
  | "failedModify"
  | "rejectedRecords"
  | "modifiedRecords";

/** Orders and modifies, under each word of each choice. */
export const ORDER_STORIES: { readonly [Name in Told]: Story<Choices[Name]> } = {
  restingFill: {
    tell: (rules) => {
      const { alice, bob } = stage(rules);
      bob.place(bid("2079.9", "3"));
      alice.place(ask("2079.9", "1.4", { tif: "Ioc" }));
      return updates(bob);
    },
    words: {
      none: ["open 3.0", "filled 0.0"],
      open: ["open 3.0", "filled 0.0", "open 2.6"],
    },
  },
  reduceOnlyResize: {
    tell: (rules) => {
      const { alice } = stage(rules);
      alice.place(bid("2080.5", "1"));
      const oid = rests(alice, ask("2100", "1", { r: true }));
      alice.place(ask("2079.9", "0.4", { tif: "Ioc" }));
      return updates(alice, oid);
    },
    words: { none: ["open 1.0"], open: ["open 1.0", "open 0.6"] },
  },
  partialIocSize: {
    tell: (rules) => {
      const { alice } = stage(rules);
      return [alice.place(bid("2080.5", "3", { tif: "Ioc" })), updates(alice)].flat();
    },
    words: {
      remainder: [partlyFilled(), "open 3.0", "filled 2.0"],
      zero: [partlyFilled(), "open 3.0", "filled 0.0"],
    },
  },
  partialIocStatus: {
    tell: (rules) => {
      const { alice } = stage(rules);
      return [alice.place(bid("2080.5", "3", { tif: "Ioc" })), updates(alice)].flat();
    },
    words: {
      filled: [partlyFilled(), "open 3.0", "filled 2.0"],
      canceled: [partlyFilled(), "open 3.0", "canceled 2.0"],
    },
  },
  partlyFilledGtc: {
    tell: (rules) => {
      const { alice } = stage(rules);
      return [kind(alice.place(bid("2080.5", "3"))), openPrices(alice)];
    },
    words: { resting: ["resting", ["2080.5"]], filled: ["filled", ["2080.5"]] },
  },
  triggerAnswer: {
    tell: (rules) => {
      const { alice } = stage(rules);
      alice.place(bid("2080.5", "1"));
      const answer = alice.place({ ...ask("1800", "1", { r: true }), t: trigger });
      return [kind(answer), openPrices(alice)];
    },
    words: {
      resting: ["resting", ["1800.0"]],
      waitingForTrigger: ["waitingForTrigger", ["1800.0"]],
    },
  },
  reusedCloid: {
    tell: (rules) => {
      const { alice } = stage(rules);
      const answers = ["2000", "2001"].map((p) => alice.place(bid(p, "1", { c: CLOID })));
      const found = alice.info({ type: "orderStatus", user: alice.user, oid: CLOID });
      const { limitPx } = (found as { order: { order: { limitPx: string } } }).order.order;
      return [answers.map(kind), openPrices(alice), limitPx];
    },
    words: {
      accept: [["resting", "resting"], ["2001.0", "2000.0"], "2001.0"],
      reject: [["resting", "error"], ["2000.0"], "2000.0"],
      replace: [["resting", "resting"], ["2001.0"], "2001.0"],
    },
  },
  invalidReplacement: {
    tell: (rules) => {
      const { alice } = stage(rules);
      const oid = rests(alice, bid("2000", "1"));
      return [modify(alice, oid, bid("2000", "0.00001")), statusOf(alice, oid)];
    },
    words: { keepsOld: [INVALID, "open"], losesOld: [INVALID, "canceled"] },
  },
  crossingReplacement: {
    tell: (rules) => {
      const { alice } = stage(rules);
      const oid = rests(alice, bid("2000", "1"));
      return [modify(alice, oid, bid("2081", "2", { tif: "Alo" })), updates(alice)];
    },
    words: {
      invalid: [INVALID, ["open 1.0"]],
      badAloPx: [
        {
          error: "Post only order would have immediately matched, bbo was 2079.9@2080.5. asset=1",
        },
        ["open 1.0", "badAloPxRejected 2.0", "canceled 1.0"],
      ],
    },
  },
  modifyAcross: {
    tell: (rules) => {
      const { alice } = stage(rules);
      const oid = rests(alice, bid("2000", "1"));
      return [kind(modify(alice, oid, ask("2100", "1"))), openPrices(alice)];
    },
    words: { refuse: ["error", ["2000.0"]], allow: ["resting", ["2100.0"]] },
  },
  samePriceModify: {
    tell: (rules) => {
      const { alice, bob, carol } = stage(rules);
      const oid = rests(alice, bid("2080", "1"));
      bob.place(bid("2080", "1"));
      const answer = modify(alice, oid, bid("2080", "2"));
      carol.place(ask("2080", "1", { tif: "Ioc" }));
      const fills = alice.info({ type: "userFills", user: alice.user }) as { oid: number }[];
      const heir = (answer as { resting: { oid: number } }).resting.oid;
      return { isNew: heir !== oid, fills: fills.map((fill) => fill.oid === heir) };
    },
    words: { last: { isNew: true, fills: [] }, kept: { isNew: true, fills: [true] } },
  },
  plainModify: {
    tell: (rules) => {
      const { alice } = stage(rules);
      const oid = rests(alice, bid("2000", "1"));
      return [modify(alice, oid, bid("2080.5", "1")), updates(alice)];
    },
    words: {
      postOnly: [INVALID, ["open 1.0"]],
      asAsked: [
        { filled: { totalSz: "1.0", avgPx: "2080.5", oid: 700_000_000_004 } },
        ["open 1.0", "open 1.0", "canceled 1.0", "filled 0.0"],
      ],
    },
  },
  modifyUpdates: {
    tell: (rules) => {
      const { alice } = stage(rules);
      modify(alice, rests(alice, bid("2000", "1")), bid("2001", "2"));
      return updates(alice);
    },
    words: {
      openFirst: ["open 1.0", "open 2.0", "canceled 1.0"],
      canceledFirst: ["open 1.0", "canceled 1.0", "open 2.0"],
    },
  },
  modifyCloid: {
    tell: (rules) => {
      const { alice } = stage(rules);
      modify(alice, rests(alice, bid("2000", "1", { c: CLOID })), bid("2001", "1"));
      return statusOf(alice, CLOID);
    },
    words: { none: "canceled", inherited: "open" },
  },
  failedModify: {
    tell: (rules) => stage(rules).alice.act({ type: "modify", oid: 1, order: bid("2000", "1") }),
    words: {
      err: { status: "err", response: "Cannot modify canceled or filled order" },
      statuses: {
        status: "ok",
        response: {
          type: "order",
          data: { statuses: [{ error: "Cannot modify canceled or filled order" }] },
        },
      },
    },
  },
  rejectedRecords: {
    tell: (rules) => {
      const { alice } = stage(rules);
      rests(alice, bid("2000", "1", { c: CLOID }));
      alice.place(bid("2000", "0.001", { c: CLOID }));
      return [updates(alice), statusOf(alice, 700_000_000_004), statusOf(alice, CLOID)];
    },
    words: {
      kept: [
        ["open 1.0", "minTradeNtlRejected 0.001"],
        "minTradeNtlRejected",
        "minTradeNtlRejected",
      ],
      forgotten: [["open 1.0", "minTradeNtlRejected 0.001"], "unknownOid", "open"],
    },
  },
  modifiedRecords: {
    tell: (rules) => {
      const { alice } = stage(rules);
      const oid = rests(alice, bid("2000", "1", { c: CLOID }));
      modify(alice, oid, bid("2001", "1", { c: CLOID }));
      return [statusOf(alice, oid), statusOf(alice, CLOID)];
    },
    words: { kept: ["canceled", "open"], forgotten: ["unknownOid", "open"] },
  },
};

function partlyFilled(): object {
  return { filled: { totalSz: "1.0", avgPx: "2080.5", oid: 700_000_000_003 } };
}
