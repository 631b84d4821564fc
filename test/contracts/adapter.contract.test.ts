import { hyperliquid, marketData, privateKeySigner, testSigner } from "@cloister/hyperliquid";
import {
  type Clock,
  type Cloid,
  type CopyId,
  ManualClock,
  type Market,
  makeCloid,
  type Mouth,
  multiply,
  type Oid,
  parseCloidMark,
  parseDecimal,
  type PlaceOrder,
  type Query,
  roundPrice,
  roundSize,
  seededRandom,
  SILENT,
  type Tif,
  type Venue,
  type VenueAction,
  type VenueFact,
  type VenueNews,
} from "@cloister/model";
import {
  createExchange,
  type Exchange,
  makeAccounts,
  recoverByLookup,
  serveExchange,
  systemClock,
} from "@cloister/simulator";
import { afterEach, describe, expect, it } from "vitest";

type FactOf<Type extends VenueFact["type"]> = Extract<VenueFact, { type: Type }>;

/** One venue against one exchange, whatever lies between them. */
type Table = {
  readonly exchange: Exchange;
  readonly venue: Venue;
  readonly news: VenueNews[];
  /** Lets time pass until the condition holds. */
  readonly until: (holds: () => boolean) => Promise<void>;
};

const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Opens the venue and waits until it is live. */
async function opened(table: Omit<Table, "news">, clock: Clock): Promise<Table> {
  const news: VenueNews[] = [];
  let failure: unknown;
  const context = {
    clock,
    random: seededRandom(11),
    logger: SILENT,
    sink: (one: VenueNews) => void news.push(one),
  };
  table.venue.open(context).catch((error: unknown) => {
    failure = error;
  });
  await table.until(() => failure !== undefined || factsOf({ news }, "connection.live").length > 0);
  expect(failure).toBeUndefined();
  return { ...table, news };
}

function factsOf<Type extends VenueFact["type"]>(
  { news }: Pick<Table, "news">,
  type: Type,
): FactOf<Type>[] {
  return news
    .flatMap(({ facts }) => facts)
    .filter((fact): fact is FactOf<Type> => fact.type === type);
}

const random = seededRandom(23);
const MARK = parseCloidMark("c10157e2");
let copies = 0;
let reads = 0;

/** An order worth about 100, at a share of the mark price. */
function order(table: Table, terms: { coin: string; share: string; tif: Tif }): PlaceOrder {
  const market = marketOf(table.venue, terms.coin);
  const mark = parseDecimal(table.exchange.mark(terms.coin));
  return {
    cloid: makeCloid(MARK, random),
    terms: {
      coin: market.coin,
      side: "buy",
      price: roundPrice(market, multiply(mark, parseDecimal(terms.share)), "down"),
      size: roundSize(
        market,
        parseDecimal(String(100 / Number(table.exchange.mark(terms.coin)))),
        "up",
      ),
      tif: terms.tif,
      reduceOnly: false,
    },
  };
}

function marketOf(venue: Venue, coin: string): Market {
  const market = venue.market(coin);
  if (market === undefined) throw new Error(`no market ${coin}`);
  return market;
}

async function act(
  table: Table,
  action: VenueAction,
  mouth: Mouth,
): Promise<FactOf<"copy.answered">> {
  copies += 1;
  const copy: CopyId = copies;
  const nonce = table.venue.nextNonce();
  table.venue.sign(action, { nonce }, (result) => {
    if (result.kind === "failed") throw new Error(result.reason);
    table.venue.write(copy, result.signed, mouth);
  });
  const answers = () => factsOf(table, "copy.answered").filter((fact) => fact.copy === copy);
  await table.until(() => answers().length > 0);
  const [only] = answers();
  if (only === undefined) throw new Error("no answer");
  return only;
}

async function read(table: Table, query: Query): Promise<FactOf<"read.answered">["report"]> {
  reads += 1;
  const id = reads;
  table.venue.read(id, query);
  const answers = () => factsOf(table, "read.answered").filter((fact) => fact.read === id);
  await table.until(() => answers().length > 0);
  const [only] = answers();
  if (only === undefined) throw new Error("no report");
  return only.report;
}

async function openCloids(table: Table): Promise<readonly (Cloid | undefined)[]> {
  const report = await read(table, { kind: "openOrders" });
  return report.kind === "openOrders" ? report.orders.map(({ cloid }) => cloid) : [];
}

/** Place, look, cancel, trade: every mouth and every read, against the exchange's own books. */
async function playThrough(table: Table): Promise<void> {
  for (const mouth of ["socket", "rest"] as const) await restAndCancel(table, mouth);
  const taker = order(table, { coin: "BTC", share: "1.05", tif: "Ioc" });
  const taken = await act(table, place(taker), "socket");
  expect(taken.answer).toMatchObject({
    admission: "admitted",
    statuses: [{ kind: "filled", cloid: taker.cloid }],
  });
  await table.until(() => factsOf(table, "fill").some(({ fill }) => fill.cloid === taker.cloid));

  const [account] = table.exchange.truth(table.venue.account).accounts;
  const fills = await read(table, { kind: "fills", fromMs: 0 });
  expect(fills).toMatchObject({ kind: "fills", complete: true });
  expect(fills.kind === "fills" && fills.fills.map(({ tid }) => tid)).toEqual(
    account?.fills.map(({ tid }) => tid),
  );
  const positions = await read(table, { kind: "positions" });
  const held = account?.positions["BTC"];
  expect(held).toBeDefined();
  expect(positions.kind === "positions" && positions.positions).toContainEqual({
    coin: "BTC",
    size: parseDecimal(held ?? ""),
  });
  expect(factsOf(table, "unrecognized")).toEqual([]);
  expect(factsOf(table, "read.failed")).toEqual([]);
}

async function restAndCancel(table: Table, mouth: Mouth): Promise<void> {
  const resting = order(table, { coin: "ETH", share: "0.7", tif: "Alo" });
  const placed = await act(table, place(resting), mouth);
  expect(placed).toMatchObject({
    mouth,
    answer: { statuses: [{ kind: "resting", cloid: resting.cloid }] },
  });
  await table.until(() => reportsOf(table, resting.cloid).some(({ word }) => word.kind === "open"));
  expect(await openCloids(table)).toEqual([resting.cloid]);
  const oid = oidOf(table, resting.cloid);
  for (const key of [resting.cloid, oid]) {
    expect(await read(table, { kind: "orderStatus", key })).toMatchObject({
      found: { oid, word: { kind: "open" } },
    });
  }
  const target = { coin: resting.terms.coin, oid };
  const canceled = await act(table, { kind: "cancel", targets: [target] }, mouth);
  expect(canceled.answer).toMatchObject({ statuses: [{ kind: "success" }] });
  await table.until(() =>
    reportsOf(table, resting.cloid).some(({ word }) => word.kind === "canceled"),
  );
  expect(await openCloids(table)).toEqual([]);
  const again = await act(table, { kind: "cancel", targets: [target] }, mouth);
  expect(again.answer).toMatchObject({ statuses: [{ kind: "error", cause: "alreadyGone" }] });
}

function oidOf(table: Table, cloid: Cloid): Oid {
  const [first] = reportsOf(table, cloid);
  if (first === undefined) throw new Error("nothing was told of the order");
  return first.oid;
}

function place(...orders: readonly PlaceOrder[]): VenueAction {
  return { kind: "place", orders, grouping: "na" };
}

function reportsOf(table: Table, cloid: Cloid) {
  return factsOf(table, "order")
    .map(({ report }) => report)
    .filter((report) => report.cloid === cloid);
}

describe("in memory, on virtual time", () => {
  async function sit() {
    const clock = new ManualClock();
    const [account, agent] = makeAccounts(2, seededRandom(1));
    if (account === undefined || agent === undefined) throw new Error("no accounts");
    const exchange = createExchange({
      clock,
      random: seededRandom(2),
      network: "testnet",
      accounts: [{ ...account, deposit: "10000", agents: [{ address: agent.address }] }],
      recover: recoverByLookup,
    });
    const wire = exchange.wire({ latencyMs: 5 });
    const venue = hyperliquid({
      network: "testnet",
      account: account.address,
      signer: testSigner(agent.address),
      wire,
    });
    cleanups.push(
      () => exchange.close(),
      () => venue.close(),
    );
    const until = async (holds: () => boolean): Promise<void> => {
      for (let round = 0; round < 5_000 && !holds(); round += 1) {
        await settle();
        clock.advanceBy(10);
      }
      expect(holds()).toBe(true);
    };
    const table = await opened({ exchange, venue, until }, clock);
    return { table, wire, clock, agent: agent.address };
  }

  it("places, rests, cancels, trades and reads, as the exchange's own books say", async () => {
    const { table } = await sit();
    await playThrough(table);
  });

  it("situation 91: comes back under a new epoch after a drop, and the fills of the gap are in the snapshot", async () => {
    const { table, wire } = await sit();
    wire.disconnect();
    await table.until(() => factsOf(table, "connection.lost").length === 1);
    const taker = order(table, { coin: "BTC", share: "1.05", tif: "Ioc" });
    await act(table, place(taker), "rest");
    expect(factsOf(table, "connection.live")).toHaveLength(1);
    await table.until(() => factsOf(table, "connection.live").length === 2);
    expect(factsOf(table, "connection.live").map(({ epoch }) => epoch)).toEqual([1, 2]);
    const told = () => factsOf(table, "fill").filter(({ fill }) => fill.cloid === taker.cloid);
    await table.until(() => told().length > 0);
    expect(told().every(({ snapshot }) => snapshot)).toBe(true);
    await playThrough(table);
  });

  it("situation 93: a half-open socket is told as lost, and replaced", async () => {
    const { table, wire } = await sit();
    wire.mute(true);
    await table.until(() => factsOf(table, "connection.lost").length === 1);
    wire.mute(false);
    await table.until(() => factsOf(table, "connection.live").length === 2);
  });

  it("situation 118: a wrong address and a wrong key are named before anything is sent", async () => {
    const { table, wire, clock, agent } = await sit();
    const stranger = `0x${"99".repeat(20)}`;
    const context = { clock, random, logger: SILENT, sink: () => {} };
    const outcomeOf = async (account: string, signer: string): Promise<unknown> => {
      const venue = hyperliquid({ network: "testnet", account, signer: testSigner(signer), wire });
      let outcome: unknown;
      venue.open(context).then(
        () => (outcome = "opened"),
        (error: unknown) => (outcome = error),
      );
      await table.until(() => outcome !== undefined);
      venue.close();
      return outcome;
    };
    expect(await outcomeOf(agent, agent)).toMatchObject({
      code: "wrongAccount",
      message: expect.stringContaining(table.venue.account),
    });
    expect(await outcomeOf(stranger, stranger)).toMatchObject({ code: "wrongAccount" });
    expect(await outcomeOf(table.venue.account, stranger)).toMatchObject({ code: "wrongKey" });
  });
});

describe("over real sockets", () => {
  async function sit() {
    const clock = systemClock();
    const [account, agent] = makeAccounts(2, seededRandom(3));
    if (account === undefined || agent === undefined) throw new Error("no accounts");
    const exchange = createExchange({
      clock,
      random: seededRandom(4),
      network: "testnet",
      blockMs: 20,
      accounts: [{ ...account, deposit: "10000", agents: [{ address: agent.address }] }],
    });
    const served = await serveExchange(exchange);
    cleanups.push(
      () => exchange.close(),
      () => served.close(),
    );
    const network = { http: served.http, ws: served.ws, signatures: "testnet" } as const;
    return { clock, account, agent, exchange, network };
  }

  async function until(holds: () => boolean): Promise<void> {
    const clock = systemClock();
    const endMs = clock.monotonicMs() + 4_000;
    while (!holds() && clock.monotonicMs() < endMs) {
      await new Promise<void>((resolve) => {
        clock.after(5, resolve);
      });
    }
    expect(holds()).toBe(true);
  }

  it("places, rests, cancels, trades and reads with recovered signatures", async () => {
    const { clock, account, agent, exchange, network } = await sit();
    const signer = privateKeySigner(agent.privateKey);
    const venue = hyperliquid({ network, account: account.address, signer });
    cleanups.push(() => venue.close());
    await playThrough(await opened({ exchange, venue, until }, clock));
  });

  it("shows prices, and leaves out a coin that would silence them", async () => {
    const { network } = await sit();
    const feed = marketData({ network, coins: ["BTC", "NOPE"] });
    cleanups.push(() => feed.close());
    const bids: (string | undefined)[] = [];
    const trades: string[] = [];
    const stale: boolean[] = [];
    feed.bbo$("BTC").subscribe(({ bid }) => bids.push(bid));
    feed.trades$("BTC").subscribe(({ price }) => trades.push(price));
    feed.stale$("BTC").subscribe((isStale) => stale.push(isStale));
    await until(() => bids.length > 1 && trades.length > 0);
    expect(stale).toEqual([true, false]);
    expect(bids.every((bid) => bid !== undefined)).toBe(true);
  });
});
