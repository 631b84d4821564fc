import { describe, expect, it } from "vitest";
import { ALICE, BOB, Desk, limit, openExchange } from "../../desk.fixture.ts";
import {
  type At,
  deafDeskWith,
  deskWith,
  oidOf,
  order,
  place,
  readOverSocket,
  resting,
  statusOf,
} from "../plan-desk.fixture.ts";

const CLOID = "0x000000000000000000000000000000a1";
const named = {
  type: "order",
  orders: [limit({ b: true, p: "64000", s: "0.001", c: CLOID })],
  grouping: "na",
};

describe("lagReads", () => {
  const lag = { what: "lagReads", ms: 1_000, to: { type: "openOrders" } };

  it("situation 83: an older list is read after the order changed", () => {
    const desk = deskWith(lag);
    const oid = oidOf(desk.place(order("64000")));
    expect(resting(desk)).toBe(0);
    desk.clock.advanceBy(1_000);
    expect(resting(desk)).toBe(1);
    desk.act({ type: "cancel", cancels: [{ a: 0, o: oid }] });
    expect([resting(desk), statusOf(desk, oid)]).toEqual([1, "order"]);
    desk.clock.advanceBy(1_000);
    expect(resting(desk)).toBe(0);
  });

  it("a parent shows the children it had", () => {
    const desk = deskWith({ ...lag, to: { type: "frontendOpenOrders" } });
    const child = (kind: string, px: string): object => ({
      ...order(px),
      b: false,
      r: true,
      t: { trigger: { isMarket: true, triggerPx: px, tpsl: kind } },
    });
    const orders = [order("63000"), child("tp", "65000"), child("sl", "62000")];
    desk.act({ type: "order", orders, grouping: "normalTpsl" });
    const family = (): number[] =>
      (desk.info({ type: "frontendOpenOrders", user: ALICE }) as { children: object[] }[]).map(
        ({ children }) => children.length,
      );
    desk.clock.advanceBy(1_000);
    expect(family()).toEqual([0, 0, 2]);
    const [newest] = desk.info({ type: "openOrders", user: ALICE }) as { oid: number }[];
    desk.act({ type: "cancel", cancels: [{ a: 0, o: newest?.oid }] });
    expect(family()).toEqual([0, 0, 2]);
    desk.clock.advanceBy(1_000);
    expect(family()).toEqual([0, 1]);
  });

  it("counts blocks as well, over HTTP and over the socket", () => {
    const desk = deskWith({ what: "lagReads", blocks: 10 });
    const request = { type: "openOrders", user: ALICE };
    desk.act(place);
    desk.pass(5);
    expect([readOverSocket(desk, request), resting(desk)]).toEqual([[], 0]);
    desk.pass(10);
    expect(readOverSocket(desk, request)).toHaveLength(1);
  });

  it("shows all of one moment: orders, sizes, fills, positions, books, prices", () => {
    const at = openExchange({ limits: false });
    const seller = new Desk(at, BOB);
    const fresh = new Desk(at, ALICE);
    const late = deafDeskWith({ what: "lagReads", ms: 800 }, at);
    const asked = [
      { type: "frontendOpenOrders", user: ALICE },
      { type: "historicalOrders", user: ALICE },
      { type: "userFills", user: ALICE },
      { type: "clearinghouseState", user: ALICE },
      { type: "spotClearinghouseState", user: ALICE },
      { type: "userRateLimit", user: ALICE },
      { type: "recentTrades", coin: "BTC" },
      { type: "l2Book", coin: "BTC" },
      { type: "allMids" },
    ];
    const all = (desk: Desk): unknown[] => {
      const answers = asked.map((request) => {
        let heard: unknown;
        desk.wire.request(
          { path: "/info", body: JSON.stringify(request), timeoutMs: 9 },
          (answer) => {
            heard = answer.kind === "answered" ? JSON.parse(answer.body) : answer;
          },
        );
        at.clock.advanceBy(0);
        return heard;
      });
      return answers;
    };
    const then = new Map<number, unknown[]>();
    for (let step = 0; step < 40; step += 1) {
      if (step % 3 === 0) fresh.post({ type: "order", orders: [order("64000")], grouping: "na" });
      if (step % 7 === 0) seller.post({ type: "order", orders: [SELL], grouping: "na" });
      at.clock.advanceTo(Math.floor(at.clock.monotonicMs() / 80) * 80 + 80);
      then.set(step, all(fresh));
      const before = then.get(step - 10);
      if (before !== undefined) expect(all(late)).toEqual(before);
    }
    expect(then.get(39)).not.toEqual(then.get(29));
  });

  const SELL = limit({ b: false, p: "64000", s: "0.0025" });

  it("leaves channels and actions as they are", () => {
    const desk = deskWith({ what: "lagReads", ms: 5_000 });
    expect(oidOf(desk.place(order("64000")))).toBeGreaterThan(0);
    expect(desk.heard("orderUpdates")).toHaveLength(1);
    expect(resting(desk)).toBe(0);
  });

  it("ends with its wire", () => {
    const at = openExchange();
    const desk = deskWith({ what: "lagReads", ms: 5_000 }, at);
    desk.act(place);
    desk.wire.close();
    expect(resting(new Desk(at, ALICE))).toBe(1);
  });
});

describe("unknownOid", () => {
  it("situation 9: an order that was answered is not known for a while", () => {
    const desk = deskWith({ what: "unknownOid", ms: 500 });
    const oid = oidOf(desk.statuses(named)[0]);
    expect(desk.heard("orderUpdates")).toHaveLength(1);
    expect([statusOf(desk, oid), statusOf(desk, CLOID)]).toEqual(["unknownOid", "unknownOid"]);
    expect(resting(desk)).toBe(1);
    desk.clock.advanceBy(500);
    expect([statusOf(desk, oid), statusOf(desk, CLOID)]).toEqual(["order", "order"]);
  });

  it("over the socket too, and only for orderStatus", () => {
    const desk = deskWith({ what: "unknownOid", ms: 500, to: { path: "/ws" } });
    desk.act(named);
    const request = { type: "orderStatus", user: ALICE, oid: CLOID };
    expect(readOverSocket(desk, request)).toEqual({ status: "unknownOid" });
    expect(readOverSocket(desk, { type: "openOrders", user: ALICE })).toHaveLength(1);
    expect(statusOf(desk, CLOID)).toBe("order");
  });

  it("situation 9: an action that is held is unknown first and lands afterwards", () => {
    const at: At = openExchange();
    const desk = deskWith({ what: "holdAction", ms: 2_000 }, at);
    const id = desk.post(named);
    at.clock.advanceBy(1_500);
    expect([statusOf(desk, CLOID), desk.answer(id)]).toEqual(["unknownOid", undefined]);
    at.clock.advanceBy(600);
    expect(statusOf(desk, CLOID)).toBe("order");
    expect(desk.answer(id)).toMatchObject({ status: "ok" });
  });
});
