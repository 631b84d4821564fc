import { describe, expect, it } from "vitest";
import { ALICE, BOB, Desk, limit, openExchange } from "../../desk.fixture.ts";
import type { AccountOption } from "../../options.ts";
import {
  channels,
  deafDeskWith,
  deskWith,
  oidOf,
  order,
  place,
  resting,
} from "../plan-desk.fixture.ts";

const AGENT = "0x3333333333333333333333333333333333333333";
const OTHER = "0x4444444444444444444444444444444444444444";
const gone = (signer: string): object => ({
  status: "err",
  response: `User or API Wallet ${signer} does not exist.`,
});

const timesOf = (desk: Desk): number[] =>
  (desk.heard("orderUpdates") as { statusTimestamp: number }[][])
    .flat()
    .map(({ statusTimestamp }) => statusTimestamp);

describe("skewClock", () => {
  it("situation 100: a clock ahead is the hour of blocks, nonces and expiry", () => {
    const desk = deskWith({ what: "skewClock", ms: 5_000, when: { afterMs: 100 } });
    desk.act(place);
    desk.pass(2);
    const soon = desk.clock.wallMs() + 4_000;
    expect(desk.act(place, { expiresAfter: soon })).toMatchObject({
      response: "Action already expired",
    });
    expect(desk.act(place, { expiresAfter: soon + 3_000 })).toMatchObject({ status: "ok" });
    const [first = 0, last = 0] = timesOf(desk);
    expect(last - first).toBeGreaterThan(5_000);
    const dayMs = 86_400_000;
    expect(desk.act(place, { nonce: desk.clock.wallMs() + dayMs + 4_000 })).toMatchObject({
      status: "ok",
    });
  });

  it("a clock behind stands until it is behind, and never runs backwards", () => {
    const desk = deskWith({ what: "skewClock", ms: -2_000 });
    const time = (): number => (desk.info({ type: "exchangeStatus" }) as { time: number }).time;
    const times = Array.from({ length: 40 }, () => {
      desk.pass();
      return time() - desk.clock.wallMs();
    });
    expect(times.every((lag, at) => at === 0 || lag <= (times[at - 1] ?? 0) + 1)).toBe(true);
    expect(times.at(-1)).toBeLessThanOrEqual(-2_000);
    expect(times.at(-1)).toBeGreaterThan(-2_240);
    expect(desk.act(place, { expiresAfter: desk.clock.wallMs() - 1_000 })).toMatchObject({
      status: "ok",
    });
  });

  it("ends an agent by the skewed hour", () => {
    const at = openExchange({ accounts: [withAgents(5_000)] });
    const desk = deafDeskWith({ what: "skewClock", ms: 10_000, when: { afterMs: 500 } }, at);
    expect(desk.act(place, { as: AGENT })).toMatchObject({ status: "ok" });
    desk.pass(10);
    expect(desk.act(place, { as: AGENT })).toEqual(gone(AGENT));
  });
});

/** ALICE with two keys that end after so many ms. */
function withAgents(validForMs: number): AccountOption {
  const validUntilMs = openExchange().clock.wallMs() + validForMs;
  return {
    address: ALICE,
    deposit: "100000",
    agents: [
      { address: AGENT, name: "one", validUntilMs },
      { address: OTHER, name: "two", validUntilMs },
    ],
  };
}

describe("endAgents", () => {
  it("situation 25: a key ends in mid-run, the others live", () => {
    const at = openExchange({ accounts: [withAgents(9_000_000)] });
    const fault = { what: "endAgents", to: { signer: AGENT }, when: { afterMs: 400 } };
    const desk = deafDeskWith(fault, at);
    expect(desk.act(place, { as: AGENT })).toMatchObject({ status: "ok" });
    desk.pass(6);
    expect(desk.act(place, { as: AGENT })).toEqual(gone(AGENT));
    expect(desk.act(place, { as: OTHER })).toMatchObject({ status: "ok" });
    expect(desk.info({ type: "extraAgents", user: ALICE })).toMatchObject([{ name: "two" }]);
  });

  it("of an account, or of everybody", () => {
    for (const [to, ends] of [
      [{ account: BOB }, false],
      [{ account: ALICE }, true],
      [{}, true],
    ] as const) {
      const desk = deafDeskWith(
        { what: "endAgents", to },
        openExchange({ accounts: [withAgents(9_000_000)] }),
      );
      desk.pass(1);
      expect(desk.act(place, { as: AGENT })).toMatchObject({ status: ends ? "err" : "ok" });
    }
  });
});

describe("limits", () => {
  it("situation 119: a budget that is tiny from a moment on, and is as before afterwards", () => {
    const desk = deskWith({
      what: "limits",
      limits: { addressRequests: 2 },
      when: { afterMs: 500, untilMs: 5_000 },
    });
    for (const nth of [1, 2, 3]) expect(desk.act(place), `${nth}`).toMatchObject({ status: "ok" });
    desk.pass(4);
    expect(desk.act(place)).toMatchObject({
      status: "err",
      response: expect.stringMatching(/^Too many cumulative requests sent/) as string,
    });
    desk.clock.advanceBy(5_000);
    expect(desk.act(place)).toMatchObject({ status: "ok" });
  });

  it("of a network address as well", () => {
    const desk = deskWith({ what: "limits", limits: { restWeight: 3, postsInFlight: 0 } });
    desk.pass(1);
    expect(desk.http("/info", '{"type":"allMids"}').status).toBe(200);
    expect(desk.http("/info", '{"type":"allMids"}')).toEqual({ status: 429, body: "null" });
    desk.post(place);
    expect(desk.heard("error")).toEqual(["too many pending post requests id=1"]);
  });
});

describe("varyBlocks", () => {
  it("blocks come after a time between both", () => {
    const at = openExchange({ limits: false });
    const desk = deafDeskWith({ what: "varyBlocks", minMs: 20, maxMs: 300 }, at);
    const times = new Set<number>();
    const blocks: number[] = [];
    for (let ms = 0; ms < 4_000; ms += 5) {
      desk.clock.advanceBy(5);
      let time = 0;
      desk.wire.request(
        { path: "/info", body: '{"type":"exchangeStatus"}', timeoutMs: 1 },
        (answer) => {
          if (answer.kind === "answered") time = (JSON.parse(answer.body) as { time: number }).time;
        },
      );
      desk.clock.advanceBy(0);
      if (!times.has(time)) blocks.push(time);
      times.add(time);
    }
    const gaps = blocks.slice(2).map((time, index) => time - (blocks[index + 1] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(20);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(300);
    expect(new Set(gaps).size).toBeGreaterThan(8);
  });

  it("is the usual pace again afterwards", () => {
    const desk = deskWith({ what: "varyBlocks", minMs: 500, maxMs: 500, times: 2 });
    desk.clock.advanceBy(2_000);
    expect(desk.act(place)).toMatchObject({ status: "ok" });
  });
});

describe("shuffleOids", () => {
  it("oids do not increase, and none comes twice, also where it begins and ends", () => {
    const desk = deskWith({ what: "shuffleOids", when: { afterMs: 800, untilMs: 4_000 } });
    const oids: number[] = [];
    while (oids.length < 90) oids.push(oidOf(desk.place(order("64000"))));
    expect(new Set(oids).size).toBe(90);
    const rises = oids.map((oid, at) => oid > (oids[at - 1] ?? 0));
    expect(rises.slice(0, 8)).not.toContain(false);
    expect(rises.slice(12, 40)).toContain(false);
    expect(rises.slice(60)).not.toContain(false);
    const listed = desk.info({ type: "openOrders", user: ALICE }) as { oid: number }[];
    expect(listed.map(({ oid }) => oid)).toEqual(oids.toReversed());
  });

  it("what the exchange trades by itself has oids that nobody else has", () => {
    const at = openExchange();
    const desk = deskWith({ what: "shuffleOids" }, at);
    new Desk(at, BOB).place(limit({ b: false, p: "64000", s: "0.1" }));
    desk.place(order("64000", "0.1"));
    const accounts = { account: ALICE, counterparty: BOB } as const;
    for (let round = 0; round < 40; round += 1) {
      at.exchange.market({
        steps: [{ do: "deleverage", coin: "BTC", size: "0.001", ...accounts }],
      });
      desk.place(order("60000"));
    }
    const told = at.exchange
      .truth()
      .accounts.flatMap(({ orders, fills }) => [
        ...orders,
        ...fills.filter(({ dir }) => dir === "Auto-Deleveraging"),
      ]);
    expect(told).toHaveLength(2 + 40 * 3);
    expect(new Set(told.map(({ oid }) => oid)).size).toBe(told.length);
  });
});

describe("postOnly", () => {
  it("situation 24: after an upgrade only post-only orders are taken, for a while", () => {
    const desk = deskWith({ what: "postOnly", when: { untilMs: 1_000 } });
    desk.pass(1);
    const text = "Only post-only orders allowed immediately after network upgrade";
    expect(desk.place(order("64000"))).toEqual({ error: text });
    expect(desk.place(limit({ b: true, p: "64000", s: "0.001", tif: "Alo" }))).toHaveProperty(
      "resting",
    );
    desk.clock.advanceBy(1_000);
    expect(desk.place(order("64000"))).toHaveProperty("resting");
  });
});

describe("endOrders", () => {
  it.each([
    "marginCanceled",
    "vaultWithdrawalCanceled",
    "openInterestCapCanceled",
    "selfTradeCanceled",
    "delistedCanceled",
    "liquidatedCanceled",
    "outcomeSettledCanceled",
    "internalCancel",
    "reduceOnlyCanceled",
    "siblingFilledCanceled",
    "scheduledCancel",
  ])("situation 67: an unsolicited %s", (status) => {
    const desk = deskWith({ what: "endOrders", status, when: { afterMs: 300 }, times: 1 });
    const oid = oidOf(desk.place(order("64000")));
    desk.forget();
    desk.pass(4);
    expect(desk.heard("orderUpdates")).toMatchObject([[{ order: { oid }, status }]]);
    expect(desk.info({ type: "orderStatus", user: ALICE, oid })).toMatchObject({
      order: { status },
    });
    expect(resting(desk)).toBe(0);
    expect(oidOf(desk.place(order("64000")))).toBeGreaterThan(0);
  });

  it("of one account, and the oldest ones first", () => {
    const at = openExchange();
    const bob = new Desk(at, BOB);
    const fault = { what: "endOrders", status: "canceled", count: 1, to: { account: ALICE } };
    const desk = deskWith({ ...fault, when: { afterMs: 500 }, times: 1 }, at);
    const [first = 0, second = 0] = [order("64000"), order("63000")].map((one) =>
      oidOf(desk.place(one)),
    );
    bob.place(order("60000"));
    desk.pass(6);
    expect(desk.info({ type: "openOrders", user: ALICE })).toMatchObject([{ oid: second }]);
    expect(desk.info({ type: "openOrders", user: BOB })).toHaveLength(1);
    expect(desk.info({ type: "orderStatus", user: ALICE, oid: first })).toMatchObject({
      order: { status: "canceled" },
    });
  });
});

it("several at once, and none any more when the wire is closed", () => {
  const at = openExchange();
  const desk = deskWith(
    [
      { what: "skewClock", ms: 60_000 },
      { what: "shuffleOids" },
      { what: "limits", limits: { postsInFlight: 0 } },
    ],
    at,
  );
  desk.pass(2);
  desk.post(place);
  expect(channels(desk)).toEqual(["error"]);
  desk.wire.close();
  const calm = new Desk(at, ALICE);
  calm.pass(2);
  expect(calm.act(place)).toMatchObject({ status: "ok" });
});
