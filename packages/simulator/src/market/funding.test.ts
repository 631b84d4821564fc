import { beforeEach, expect, it } from "vitest";
import { checkMoney } from "../audit.fixture.ts";
import { ALICE, BOB, Desk, limit, openExchange } from "../desk.fixture.ts";
import type { Truth } from "../ledger/truth.ts";

const HOUR_MS = 3_600_000;
let at: ReturnType<typeof openExchange>;
let alice: Desk;
let bob: Desk;
let before: Truth;

beforeEach(() => open());

function open(options: Parameters<typeof openExchange>[0] = {}): void {
  at = openExchange({ blockMs: 60_000, ...options });
  before = at.exchange.truth();
  alice = new Desk(at, ALICE);
  bob = new Desk(at, BOB);
  for (const desk of [alice, bob]) desk.subscribe({ type: "userEvents", user: desk.user });
  const both = (b: boolean) => ({
    type: "order",
    orders: [limit({ b, p: "64000", s: "0.01" })],
    grouping: "na",
  });
  bob.post(both(false));
  alice.post(both(true));
  passHour();
  alice.forget();
  bob.forget();
}

/** To a minute after the next full hour, with the sockets kept alive. */
function passHour(): void {
  const next = (Math.floor(at.clock.wallMs() / HOUR_MS) + 1) * HOUR_MS + 60_000;
  while (at.clock.wallMs() < next) {
    for (const desk of [alice, bob]) desk.send({ method: "ping" });
    at.clock.advanceBy(20_000);
  }
}

const decide = (value: string) =>
  at.exchange.market({ steps: [{ do: "fundingRate", coin: "BTC", value }] });
const position = () =>
  alice.info({ type: "clearinghouseState", user: ALICE }) as {
    assetPositions: { position: { cumFunding: object } }[];
  };

it("longs pay shorts at the full hour, by the oracle price, and both are told", () => {
  passHour();
  const funding = { coin: "BTC", fundingRate: "0.0000125", nSamples: null };
  expect(alice.heard("user")).toEqual([
    { funding: { ...funding, usdc: "-0.008", szi: "0.01", time: expect.any(Number) as number } },
  ]);
  expect(bob.heard("user")).toMatchObject([
    { funding: { ...funding, usdc: "0.008", szi: "-0.01" } },
  ]);
  checkMoney(at.exchange.truth(), before);
});

it("follows a rate that was decided, also below zero, and the oracle", () => {
  at.exchange.market({ steps: [{ do: "oracle", coin: "BTC", price: "65000" }] });
  decide("-0.001");
  passHour();
  expect(alice.heard("user")).toMatchObject([{ funding: { usdc: "0.65", fundingRate: "-0.001" } }]);
});

it("rises with the mark above the oracle, to four percent at most", () => {
  at.exchange.market({ steps: [{ do: "oracle", coin: "BTC", price: "63000" }] });
  passHour();
  // A premium of 0.01587301 less half a thousandth, an eighth of it.
  expect(alice.heard("user")).toMatchObject([{ funding: { fundingRate: "0.00192162" } }]);
  at.exchange.market({ steps: [{ do: "oracle", coin: "BTC", price: "40000" }] });
  passHour();
  expect(alice.heard("user").at(-1)).toMatchObject({ funding: { fundingRate: "0.04" } });
});

it("adds up in the position, from its opening and from its last change", () => {
  decide("0.001");
  passHour();
  // 0.64 of this hour, and 0.008 of the one before.
  expect(position().assetPositions[0]?.position.cumFunding).toEqual({
    allTime: "0.648",
    sinceOpen: "0.648",
    sinceChange: "0.648",
  });
  bob.post({ type: "order", orders: [limit({ b: true, p: "64000", s: "0.005" })], grouping: "na" });
  alice.post({
    type: "order",
    orders: [limit({ b: false, p: "64000", s: "0.005" })],
    grouping: "na",
  });
  passHour();
  expect(position().assetPositions[0]?.position.cumFunding).toEqual({
    allTime: "0.968",
    sinceOpen: "0.968",
    sinceChange: "0.32",
  });
});

it("is not paid where there is none, nor by who holds nothing", () => {
  open({ rules: { funding: "none" } });
  passHour();
  expect(alice.heard("user")).toEqual([]);
  expect(at.exchange.truth().accounts.map(({ fundings }) => fundings)).toEqual([[], []]);
});
