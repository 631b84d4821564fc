import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { type BenchEngine, benchEngine } from "./bench-engine.ts";
import { type FloorFrame, FloorTracker } from "./floor.ts";
import { type Life, lifeOf } from "./frames.ts";
import { heapUsed, median, micros, table, timed, times } from "./measure.ts";

/**
 * What an order's life of 8 events costs: submit, ack, 3 fills, 1 repeated fill, the closing fill, reap, from JSON
 * text through codec, engine and tick; against JSON.parse alone, and against JSON.parse with a hand-written tracker.
 * Everything is measured in one run, in turns, and told as ratios of medians: single figures of a shared machine lie.
 */
const ROUNDS = 5;

/** Feeds lives so that `live` of them overlap: each pass brings every order in the window one step on. */
function overlap(
  lives: readonly Life[],
  live: number,
  step: (life: Life, event: number) => void,
): void {
  const stride = Math.max(1, Math.floor(live / 7));
  for (let now = 0; now < lives.length + 7 * stride; now += 1) {
    for (let event = 0; event < 8; event += 1) {
      const life = lives[now - event * stride];
      if (life !== undefined) step(life, event);
    }
  }
}

function textOf(life: Life, event: number): string | undefined {
  return event === 1 ? life.ack : life.fills[event - 2];
}

function floorRound(lives: readonly Life[], live: number): number {
  const tracker = new FloorTracker();
  const ns = timed(() =>
    overlap(lives, live, (life, event) => {
      const text = textOf(life, event);
      if (event === 0) tracker.submit(life.cloid, life.size);
      else if (event === 7) tracker.reap(life.cloid);
      else if (text !== undefined) tracker.take(parsed(text));
    }),
  );
  if (tracker.live !== 0) throw new Error(`the floor kept ${tracker.live} orders`);
  return ns;
}

function parsed(text: string): FloorFrame {
  return JSON.parse(text) as FloorFrame;
}

function parseRound(lives: readonly Life[], live: number): number {
  let channels = 0;
  const ns = timed(() =>
    overlap(lives, live, (life, event) => {
      const text = textOf(life, event);
      if (event !== 0 && event !== 7 && text !== undefined) channels += parsed(text).channel.length;
    }),
  );
  if (channels === 0) throw new Error("nothing was parsed");
  return ns;
}

function engineRound(bench: BenchEngine, lives: readonly Life[], live: number): number {
  const ns = timed(() =>
    overlap(lives, live, (life, event) => {
      const text = textOf(life, event);
      if (event === 0) bench.submit(life);
      else if (event === 7) bench.pass(1);
      else if (text !== undefined) bench.feed(text);
    }),
  );
  const left = bench.engine.orders.length;
  if (left !== 0) throw new Error(`the engine kept ${left} orders`);
  return ns;
}

async function lifeTable(orders: number, live: number): Promise<void> {
  const perRound = Math.floor(orders / ROUNDS);
  const bench = await benchEngine();
  const taken = { parse: [] as number[], floor: [] as number[], engine: [] as number[] };
  const warm = Math.min(2_000, perRound);
  const made = (from: number, count: number): Life[] =>
    Array.from({ length: count }, (_, index) => lifeOf(from + index, from + index + 1));
  engineRound(bench, made(0, warm), live);
  floorRound(made(0, warm), live);
  parseRound(made(0, warm), live);
  for (let round = 0; round < ROUNDS; round += 1) {
    const batch = made(warm + round * perRound, perRound);
    // In turns, so that no one of them always runs on the heap that another left.
    const turns = [
      () => taken.parse.push(parseRound(batch, live) / perRound),
      () => taken.floor.push(floorRound(batch, live) / perRound),
      () => taken.engine.push(engineRound(bench, batch, live) / perRound),
    ];
    for (const offset of [0, 1, 2]) {
      heapUsed();
      turns[(round + offset) % turns.length]?.();
    }
  }
  const [parse, floor, engine] = [median(taken.parse), median(taken.floor), median(taken.engine)];
  console.log(`\nAn order's life, ${perRound * ROUNDS} orders, ${live} live, from JSON text:\n`);
  console.log(
    table([
      ["what", "per order", "× JSON.parse alone", "× JSON.parse + floor"],
      ["JSON.parse alone (6 messages)", micros(parse), times(1), times(parse / floor)],
      ["JSON.parse + Map and switch (the floor)", micros(floor), times(floor / parse), times(1)],
      ["codec → engine → tick", micros(engine), times(engine / parse), times(engine / floor)],
    ]),
  );
  const perOrder = bench.ticks() / (warm + perRound * ROUNDS);
  console.log(`\nEach order's life came to ${perOrder.toFixed(1)} ticks.`);
  await bench.engine.close({ orders: "leave" });
}

/** Bytes of a live order in the engine, against one in the floor's tracker. */
async function bytesTable(count: number): Promise<void> {
  const floorBase = heapUsed();
  const tracker = new FloorTracker();
  for (let index = 0; index < count; index += 1) {
    tracker.submit(lifeOf(index, index + 1).cloid, "0.001");
  }
  const floor = (heapUsed() - floorBase) / count;
  const bench = await benchEngine();
  const base = heapUsed();
  for (let index = 0; index < count; index += 1) place(bench, index);
  const engine = (heapUsed() - base) / count;
  console.log(`\nBytes per live order, ${count} live:\n`);
  console.log(
    table([
      ["what", "bytes", "× floor"],
      ["a record of the floor", floor.toFixed(0), times(1)],
      ["the engine: actor, facts, indexes", engine.toFixed(0), times(engine / floor)],
    ]),
  );
  if (tracker.live !== count) throw new Error("the floor lost orders");
  await bench.engine.close({ orders: "leave" });
}

function place(bench: BenchEngine, index: number): void {
  const life = lifeOf(index, index + 1);
  bench.submit(life);
  bench.feed(life.ack);
}

/** What one fill costs while so many orders live. It should be flat. */
async function scalingTable(counts: readonly number[]): Promise<void> {
  const rows: { live: number; ns: number }[] = [];
  for (const live of counts) {
    const bench = await benchEngine();
    for (let index = 0; index < live; index += 1) place(bench, index);
    const step = Math.max(1, Math.floor(live / 1_000));
    const samples: number[] = [];
    for (const part of [0, 1] as const) {
      for (let from = 0; from < step; from += Math.max(1, Math.floor(step / 3))) {
        const texts: string[] = [];
        for (let index = from; index < live; index += step) {
          texts.push(lifeOf(index, index + 1).fills[part]);
        }
        heapUsed();
        samples.push(timed(() => texts.forEach((text) => bench.feed(text))) / texts.length);
      }
    }
    rows.push({ live, ns: median(samples) });
    await bench.engine.close({ orders: "leave" });
  }
  const first = rows[0]?.ns ?? Number.NaN;
  console.log("\nOne fill, from JSON text to tick, by live orders (flat is right):\n");
  console.log(
    table([
      ["live orders", "per fill", `× ${rows[0]?.live ?? 0} live`],
      ...rows.map(({ live, ns }) => [String(live), micros(ns), times(ns / first)]),
    ]),
  );
}

const { values } = parseArgs({
  options: {
    orders: { type: "string", default: "100000" },
    live: { type: "string", default: "1000" },
    scale: { type: "string", default: "1000,10000,100000" },
  },
});
console.log(`node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? "cpu"}`);
await lifeTable(Number(values.orders), Number(values.live));
await bytesTable(10_000);
await scalingTable(values.scale.split(",").map(Number));
