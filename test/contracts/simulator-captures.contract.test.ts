import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { env } from "node:process";
import { ApiRequestError } from "@nktkas/hyperliquid";
import { expect, it } from "vitest";
import { limit, openWorld, type World } from "./independent-client.fixture.ts";
import { type Allowed, differences, shapeOf } from "./wire-shape.fixture.ts";

/** A folder of messages that the real venue sent; the simulated one must send the same keys and types. */
const FOLDER = env["CLOISTER_CAPTURES"];

type Case = {
  readonly file: string;
  readonly name: string;
  /** The venue's body, taken out of the file. */
  readonly take: (file: unknown) => unknown;
  /** The simulator's body for the same cause. */
  readonly provoke: (world: World) => Promise<unknown>;
  /** What may differ, with the reason. */
  readonly allowed?: Allowed;
};

const OLD = "of 2023: the venue says it since";
const GONE = "of 2023: the venue says it no more";
const CUT = "left out by whoever wrote it down";

const CASES: readonly Case[] = [
  {
    file: "ccxt_static_response_orders.json",
    name: "an order that filled on arrival",
    take: (file) => asSent(at(file, "createOrder_filled")),
    provoke: async (world) => {
      await offer(world, "0.01");
      return take(world, "0.01");
    },
  },
  {
    file: "ccxt_static_response_orders.json",
    name: "a parent that filled and two children that wait",
    take: (file) => asSent(at(file, "createOrderWithTakeProfitAndStopLoss")),
    provoke: async (world) => {
      await offer(world, "0.01");
      return group(world, "64000", "Ioc");
    },
  },
  {
    file: "ccxt_static_response_orders.json",
    name: "one order twice",
    take: (file) => asSent(at(file, "historicalOrders_same_oid_twice")),
    provoke: canceledHistory,
  },
  {
    file: "ccxt_static_response_orders.json",
    name: "fills with a builder's fee and of a liquidation",
    take: (file) => asSent(at(file, "userFills_builderFee_and_liquidation")),
    provoke: async (world) => {
      await liquidateBob(world);
      const { alice, sub } = world;
      await alice.exchange.approveBuilderFee({ builder: sub, maxFeeRate: "0.01%" });
      const orders = [limit({ b: true, p: "50250", s: "0.01", tif: "Ioc" })];
      await world.bob.exchange.usdClassTransfer({ amount: "9000", toPerp: true });
      await world.bob.exchange.order({ orders: [limit({ b: false, p: "50250", s: "0.01" })] });
      await alice.exchange.order({ orders, builder: { b: sub, f: 10 } });
      return world.info.userFills({ user: alice.user });
    },
    allowed: { cloid: "the order of the liquidation's other side has one here" },
  },
  {
    file: "nautilus_http_clearinghouseState_negRawUsd.json",
    name: "margin without positions",
    take: whole,
    provoke: ({ info, alice }) => info.clearinghouseState({ user: alice.user }),
    allowed: { marginSummary: CUT, crossMaintenanceMarginUsed: CUT },
  },
  {
    file: "nautilus_http_spotClearinghouseState.json",
    name: "balances",
    take: whole,
    provoke: ({ info, alice }) => info.spotClearinghouseState({ user: alice.user }),
  },
  {
    file: "nautilus_http_userFills_dust.json",
    name: "fills of perpetuals and spot",
    take: whole,
    provoke: async (world) => {
      await offer(world, "0.01");
      await take(world, "0.01");
      return world.info.userFills({ user: world.alice.user });
    },
  },
  {
    file: "nautilus_ws_user_fill_liquidation.json",
    name: "the event of a liquidation's other side, with its cloid",
    take: whole,
    provoke: async (world) => {
      const frames = listen(world, { type: "userEvents", user: world.alice.user });
      await liquidateBob(world);
      return frames().find((frame) => JSON.stringify(frame).includes("liquidatedUser"));
    },
  },
  {
    file: "pysdk_clearinghouseState.json",
    name: "margin and positions",
    take: answerOf,
    provoke: async (world) => {
      await offer(world, "0.01");
      await take(world, "0.01");
      return world.info.clearinghouseState({ user: world.alice.user });
    },
    allowed: {
      time: OLD,
      crossMaintenanceMarginUsed: OLD,
      maxLeverage: OLD,
      cumFunding: OLD,
      maxTradeSzs: GONE,
    },
  },
  {
    file: "pysdk_extraAgents.json",
    name: "named agents",
    take: answerOf,
    provoke: ({ info, alice }) => info.extraAgents({ user: alice.user }),
  },
  {
    file: "pysdk_frontendOpenOrders.json",
    name: "a parent and its children, which stand there twice",
    take: answerOf,
    provoke: async (world) => {
      await group(world, "63000", "Gtc");
      return world.info.frontendOpenOrders({ user: world.alice.user });
    },
    allowed: { cloid: OLD },
  },
  {
    file: "pysdk_historicalOrders.json",
    name: "Iocs that matched nothing, canceled orders",
    take: answerOf,
    provoke: canceledHistory,
  },
  {
    file: "pysdk_l2Book.json",
    name: "meta",
    take: answerOf,
    provoke: ({ info }) => info.meta(),
    allowed: {
      marginTables: OLD,
      marginTableId: OLD,
      collateralToken: OLD,
      isDelisted: OLD,
      onlyIsolated: "no perpetual is only isolated here",
    },
  },
  {
    file: "pysdk_l2Book.json",
    name: "a book",
    take: (file) => at(Array.isArray(file) ? file[1] : undefined, "response"),
    provoke: async (world) => {
      await offer(world, "0.01");
      return world.info.l2Book({ coin: "BTC" });
    },
  },
  {
    file: "pysdk_openOrders.json",
    name: "open orders",
    take: answerOf,
    provoke: async (world) => {
      await offer(world, "0.01");
      return world.info.openOrders({ user: world.bob.user });
    },
    allowed: { origSz: OLD },
  },
  {
    file: "pysdk_userFills.json",
    name: "fills",
    take: answerOf,
    provoke: async (world) => {
      await offer(world, "0.01");
      await take(world, "0.01");
      return world.info.userFills({ user: world.alice.user });
    },
    allowed: { tid: OLD, feeToken: OLD, twapId: OLD },
  },
  {
    file: "pysdk_userRateLimit.json",
    name: "the request budget",
    take: answerOf,
    provoke: ({ info, alice }) => info.userRateLimit({ user: alice.user }),
    allowed: { nRequestsSurplus: OLD },
  },
  {
    file: "pysdk_userRole.json",
    name: "a role",
    take: answerOf,
    provoke: ({ info, alice }) => info.userRole({ user: alice.user }),
  },
  {
    file: "tickwright_testnet_probes.json",
    name: "a reduce-only order that was shrunk and filled",
    take: (file) => noted(file, "P1 reduce-only IOC", "response"),
    provoke: async (world) => {
      await offer(world, "0.02");
      await take(world, "0.02");
      const { alice, bob } = world;
      await bob.exchange.order({ orders: [limit({ b: true, p: "64000", s: "1" })] });
      const order = limit({ b: false, p: "63000", s: "0.05", tif: "Ioc", r: true });
      return alice.exchange.order({ orders: [order] });
    },
  },
  {
    file: "tickwright_testnet_probes.json",
    name: "a batch of cancels: one live, one filled, one of nothing",
    take: (file) => noted(file, "P4 batch cancel", "response"),
    provoke: async ({ alice }) => {
      const order = limit({ b: true, p: "60000", s: "0.001" });
      const placed = await alice.exchange.order({ orders: [order] });
      const [status] = placed.response.data.statuses;
      const oid = typeof status === "object" && "resting" in status ? status.resting.oid : 0;
      const cancels = [oid, 1, 2].map((o) => ({ a: 0, o }));
      return refused(alice.exchange.cancel({ cancels }));
    },
  },
  {
    file: "tickwright_testnet_probes.json",
    name: "a batch that is too large",
    take: (file) => noted(file, "P4 201 cancels", "response"),
    provoke: ({ alice }) => {
      const cancels = Array.from({ length: 201 }, (_, o) => ({ a: 0, o }));
      return refused(alice.exchange.cancel({ cancels }));
    },
  },
];

it.for(CASES)("$file: $name", async ({ file, take: taken, provoke, allowed }, context) => {
  context.skip(FOLDER === undefined, "CLOISTER_CAPTURES names no folder");
  const path = join(FOLDER ?? "", file);
  context.skip(!existsSync(path), "the folder has no such file");
  const theirs = taken(JSON.parse(readFileSync(path, "utf8")));
  expect(theirs).toBeDefined();
  const world = await openWorld("mainnet", "http");
  const ours: unknown = await provoke(world);
  expect(differences(shapeOf(ours), shapeOf(theirs), allowed)).toEqual([]);
});

async function offer({ bob }: World, s: string): Promise<void> {
  await bob.exchange.order({ orders: [limit({ b: false, p: "64000", s })] });
}

function take({ alice }: World, s: string): Promise<unknown> {
  return alice.exchange.order({ orders: [limit({ b: true, p: "64000", s, tif: "Ioc" })] });
}

/** A buy with a take profit and a stop loss. */
function group({ alice }: World, p: string, tif: "Ioc" | "Gtc"): Promise<unknown> {
  const child = limit({ b: false, p: "60000", s: "0.01", r: true });
  const trigger = (triggerPx: string, tpsl: "tp" | "sl") => ({
    ...child,
    t: { trigger: { isMarket: true, triggerPx, tpsl } },
  });
  return alice.exchange.order({
    orders: [limit({ b: true, p, s: "0.01", tif }), trigger("66000", "tp"), trigger("61000", "sl")],
    grouping: "normalTpsl",
  });
}

async function canceledHistory({ alice, info }: World): Promise<unknown> {
  const order = limit({ b: true, p: "60000", s: "0.001" });
  const placed = await alice.exchange.order({ orders: [order] });
  const [status] = placed.response.data.statuses;
  const o = typeof status === "object" && "resting" in status ? status.resting.oid : 0;
  await alice.exchange.cancel({ cancels: [{ a: 0, o }] });
  return info.historicalOrders({ user: alice.user });
}

/** Bob takes a position as large as his money allows; the price moves against it, and alice buys it. */
async function liquidateBob({ alice, bob, simulator }: World): Promise<void> {
  const c = "0xc1000000000000000000000000000001";
  await bob.exchange.updateLeverage({ asset: 0, isCross: true, leverage: 40 });
  await alice.exchange.order({ orders: [limit({ b: false, p: "64000", s: "70" })] });
  await bob.exchange.order({ orders: [limit({ b: true, p: "64000", s: "70", tif: "Ioc" })] });
  await alice.exchange.order({ orders: [limit({ b: true, p: "50150", s: "70", c })] });
  simulator.setMark("BTC", "50200");
  await alice.exchange.noop();
  await alice.exchange.noop();
}

/** What a socket of its own hears, frame by frame. */
function listen({ simulator }: World, subscription: object): () => unknown[] {
  const frames: unknown[] = [];
  const socket = simulator.wire().connect("private", {
    opened: () => socket.send(JSON.stringify({ method: "subscribe", subscription })),
    received: (text) => frames.push(JSON.parse(text)),
    closed: () => {},
  });
  return () => frames;
}

/** The body that refused an action. */
async function refused(asked: Promise<unknown>): Promise<unknown> {
  const thrown = await asked.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof ApiRequestError) return thrown.response;
  throw new Error("was not refused", { cause: thrown });
}

function whole(file: unknown): unknown {
  return file;
}

/** Of a list of requests with their answers, the first answer. */
function answerOf(file: unknown): unknown {
  return at(Array.isArray(file) ? file[0] : undefined, "response");
}

/** A part of the note whose case begins so. */
function noted(file: unknown, begin: string, part: string): unknown {
  const notes: readonly unknown[] = Array.isArray(file) ? file : [];
  return at(
    notes.find((note) => String(at(note, "case")).startsWith(begin)),
    part,
  );
}

function at(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? { ...value }[key as never] : undefined;
}

/** This file's source turned whole numbers of these keys into texts. */
const NUMBERS: ReadonlySet<string> = new Set([
  "oid",
  "tid",
  "time",
  "timestamp",
  "statusTimestamp",
]);

function asSent(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asSent);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, child]: [string, unknown]) => [
    key,
    NUMBERS.has(key) ? Number(child) : asSent(child),
  ]);
  return Object.fromEntries(entries);
}
