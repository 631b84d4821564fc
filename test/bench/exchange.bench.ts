import { once } from "node:events";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { isMainThread, Worker } from "node:worker_threads";
import { seededRandom } from "@cloister/model";
import {
  createExchange,
  type Exchange,
  makeAccounts,
  recoverSigner,
  serveExchange,
  systemClock,
} from "@cloister/simulator";
import { WebSocketServer } from "ws";
import { type Done, type Job, type LoadTerms, serveLoad } from "./exchange-load.ts";
import { heapUsed, micros, stopwatch, table, timed, times } from "./measure.ts";
import { digestOf, signatureOf } from "./signed-orders.ts";

/**
 * What the simulated exchange carries through a real socket: orders placed and canceled, in batches and one by one;
 * frames to ten subscribers; and its heap over 200,000 orders. The clients run in a thread of their own and have signed
 * before the time is taken. The floor is a bare socket that parses each frame and answers a text that was made before.
 */
const BLOCK_MS = 10;
const BATCHES = { batch: 100, window: 20 };
const KEPT = 10_000;
const SUBSCRIBERS = 10;
const MARKET_MS = 5_000;
/** Growth of the heap from the first quarter to the last above which the bench fails. */
const GROWTH_MAX_BYTES = 5_000_000;

class Clients {
  readonly #worker: Worker;

  constructor(terms: LoadTerms) {
    this.#worker = new Worker(new URL(import.meta.url), { workerData: terms });
  }

  async ask(job: Job): Promise<Done> {
    this.#worker.postMessage(job);
    // Rejects when the worker fails.
    const [done] = await once(this.#worker, "message");
    return done as Done;
  }

  /** Orders per second that are placed and canceled. */
  async trade(
    url: string,
    orders: { count: number; batch: number; window: number },
  ): Promise<number> {
    await this.ask({ kind: "sign", orders: orders.count, batch: orders.batch });
    const { ns } = await this.ask({ kind: "trade", url, window: orders.window });
    return (orders.count * 1e9) / ns;
  }

  close(): Promise<number> {
    return this.#worker.terminate();
  }
}

/** A socket that does no more than it must. */
async function openFloor(): Promise<{ url: string; close: () => void }> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
  await once(server, "listening");
  const statuses = '"resting success"';
  server.on("connection", (socket) => {
    socket.on("message", (data: Buffer) => {
      const { id } = JSON.parse(data.toString("utf8")) as { id: number };
      socket.send(`{"channel":"post","data":{"id":${id},"response":[${statuses}]}}`);
    });
  });
  const at = server.address();
  if (typeof at !== "object" || at === null) throw new Error("the floor has no port");
  return { url: `ws://127.0.0.1:${at.port}`, close: () => server.close() };
}

/** What it takes to find out who signed, ns. */
function recoveryNs(privateKey: string): number {
  const signed = Array.from({ length: 300 }, (_, nonce) => {
    const digest = digestOf({ type: "noop" }, nonce);
    const { r, s, v } = signatureOf(digest, privateKey);
    return { digest, signature: { r: r.slice(2), s: s.slice(2), v } };
  });
  const recoverAll = (): void => {
    for (const { digest, signature } of signed) {
      if (recoverSigner(digest, signature) === undefined) throw new Error("nobody signed");
    }
  };
  recoverAll();
  return timed(recoverAll) / signed.length;
}

const rate = (perSecond: number): string => Math.round(perSecond).toLocaleString("en-US");
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const percent = (part: number): string => `${Math.round(part * 100)} %`;

/** Everything that is measured on, opened and closed together. */
type Stage = {
  readonly exchange: Exchange;
  readonly clients: Clients;
  readonly url: string;
  readonly floor: string;
  readonly privateKey: string;
  readonly close: () => Promise<void>;
};

async function openStage(): Promise<Stage> {
  const [account] = makeAccounts(1, seededRandom(1));
  if (account === undefined) throw new Error("no account");
  const clock = systemClock();
  const exchange = createExchange({
    clock,
    random: seededRandom(2),
    accounts: [{ ...account, deposit: "100000000" }],
    blockMs: BLOCK_MS,
    limits: false,
    rules: { archiveKept: KEPT },
  });
  const served = await serveExchange(exchange);
  const floor = await openFloor();
  const { privateKey, address: user } = account;
  const clients = new Clients({ privateKey, user, nonceMs: clock.wallMs() });
  const close = async (): Promise<void> => {
    await clients.close();
    floor.close();
    exchange.close();
    await served.close();
  };
  return { exchange, clients, url: served.ws, floor: floor.url, privateKey, close };
}

/** Orders per second of each quarter, and the heap behind it. */
async function tradeQuarters(
  { clients, url }: Stage,
  orders: number,
): Promise<{ readonly perSecond: number; readonly heaps: readonly number[] }> {
  const heaps: number[] = [];
  let seconds = 0;
  for (let quarter = 0; quarter < 4; quarter += 1) {
    seconds += orders / 4 / (await clients.trade(url, { count: orders / 4, ...BATCHES }));
    heaps.push(heapUsed());
  }
  return { perSecond: orders / seconds, heaps };
}

async function tradeTable(stage: Stage, singles: number, batched: number): Promise<void> {
  const { clients, url, floor, privateKey } = stage;
  const one = { count: singles, batch: 1, window: 50 };
  const floorBatches = await clients.trade(floor, { count: 20_000, ...BATCHES });
  const floorSingles = await clients.trade(floor, one);
  const before = recoveryNs(privateKey);
  const single = await clients.trade(url, one);
  const recovery = (before + recoveryNs(privateKey)) / 2;
  /** An order and its cancel are two signatures. */
  const signing = (perSecond: number, batch: number): string =>
    percent((2 * recovery * perSecond) / batch / 1e9);
  console.log("\nOrders placed and canceled through a socket:\n");
  console.log(
    table([
      ["how", "orders per second", "× bare socket", "of its time: who signed"],
      [
        `batches of ${BATCHES.batch}`,
        rate(batched),
        times(batched / floorBatches),
        signing(batched, BATCHES.batch),
      ],
      ["one by one", rate(single), times(single / floorSingles), signing(single, 1)],
    ]),
  );
  console.log(`\nTo find out who signed takes ${micros(recovery)}, twice for an order alone.`);
}

/** What ten sockets hear while batches are traded, and of a market that moves as fast as it can. */
async function watchTable({ clients, url }: Stage, count: number, batched: number): Promise<void> {
  await clients.ask({ kind: "watch", url, sockets: SUBSCRIBERS });
  await clients.ask({ kind: "sign", orders: count, batch: BATCHES.batch });
  await clients.ask({ kind: "count" });
  const traded = await clients.ask({ kind: "trade", url, window: BATCHES.window });
  const market = await watchMarket(clients);
  const row = (what: string, { ns, frames, bytes }: Done): string[] => {
    const seconds = ns / 1e9;
    return [
      what,
      rate(frames / seconds),
      megabytes(bytes / seconds),
      `${Math.round(bytes / frames)} B`,
    ];
  };
  console.log(`\n${SUBSCRIBERS} subscribers to seven channels each:\n`);
  console.log(
    table([
      ["what they hear", "frames per second", "bytes per second", "a frame"],
      row("batches that are traded", traded),
      row("a market that moves every ms", market),
    ]),
  );
  const perSecond = (count * 1e9) / traded.ns;
  const share = times(perSecond / batched);
  console.log(`\nTrading beside them: ${rate(perSecond)} orders per second, ${share} of alone.`);
}

async function watchMarket(clients: Clients): Promise<Done> {
  const clock = systemClock();
  const everyMs = { bookMs: 1, midsMs: 1, stateMs: 1 };
  const market = createExchange({
    clock,
    random: seededRandom(3),
    accounts: [],
    blockMs: 1,
    limits: false,
    rules: { cadence: everyMs },
  });
  const served = await serveExchange(market);
  await clients.ask({ kind: "watch", url: served.ws, sockets: SUBSCRIBERS });
  await clients.ask({ kind: "count" });
  const elapsed = stopwatch();
  await new Promise<void>((done) => {
    clock.after(MARKET_MS, done);
  });
  const ns = elapsed();
  const heard = await clients.ask({ kind: "count" });
  market.close();
  await served.close();
  return { ...heard, ns };
}

/** Whether the heap stayed within its bound. */
function heapTable(orders: number, heaps: readonly number[]): boolean {
  console.log(`\nHeap after a collection (${rate(KEPT)} orders are kept; flat is right):\n`);
  console.log(
    table([
      ["orders", "heap"],
      ...heaps.map((bytes, at) => [rate(((at + 1) * orders) / 4), megabytes(bytes)]),
    ]),
  );
  const grown = (heaps.at(-1) ?? Number.NaN) - (heaps[0] ?? Number.NaN);
  if (grown <= GROWTH_MAX_BYTES) return true;
  console.error(
    `\nThe heap grew by ${megabytes(grown)}: more than ${megabytes(GROWTH_MAX_BYTES)}.`,
  );
  return false;
}

async function run(orders: number, singles: number): Promise<boolean> {
  const stage = await openStage();
  await stage.clients.trade(stage.url, { count: 5_000, ...BATCHES });
  const { perSecond, heaps } = await tradeQuarters(stage, orders);
  await tradeTable(stage, singles, perSecond);
  await watchTable(stage, orders / 4, perSecond);
  const isFlat = heapTable(orders, heaps);
  const truthNs = timed(() => stage.exchange.truth());
  const begunNs = timed(() => stage.exchange.truthParts().next());
  console.log(
    `\nAll books at once: ${micros(truthNs)}; until their first part: ${micros(begunNs)}.`,
  );
  await stage.close();
  return isFlat;
}

if (isMainThread) {
  const { values } = parseArgs({
    options: {
      orders: { type: "string", default: "200000" },
      singles: { type: "string", default: "2000" },
    },
  });
  console.log(`node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? "cpu"}`);
  const isFlat = await run(Number(values.orders), Number(values.singles));
  process.exitCode = isFlat ? 0 : 1;
} else serveLoad();
