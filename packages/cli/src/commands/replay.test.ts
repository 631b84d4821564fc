import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEngine } from "@cloister/engine";
import { hyperliquid, testSigner } from "@cloister/hyperliquid";
import { fileJournal } from "@cloister/journal";
import { type Journal, type JournalRecord, ManualClock, seededRandom } from "@cloister/model";
import { createExchange, recoverByLookup } from "@cloister/simulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fakeTerminal } from "../fake-terminal.fixture.ts";
import { run } from "../run.ts";

const ACCOUNT = `0x${"a1".repeat(20)}`;
const root = mkdtempSync(join(tmpdir(), "cloister-replay-"));
const good = join(root, "good");
const bad = join(root, "bad");
let cloid = "";

async function steps(clock: ManualClock, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 10) {
    clock.advanceBy(10);
    await Promise.resolve();
  }
}

/** The short life of an order, in a journal that may lie. Nobody closes it: the process is gone. */
async function live(
  folder: string,
  lie: (record: JournalRecord) => JournalRecord,
): Promise<string> {
  const clock = new ManualClock();
  const exchange = createExchange({
    clock,
    random: seededRandom(1),
    crowd: false,
    recover: recoverByLookup,
    accounts: [{ address: ACCOUNT, deposit: "1000000" }],
  });
  const wire = exchange.wire({ latencyMs: 5 });
  const files = fileJournal(folder);
  const journal: Journal = {
    mark: files.mark,
    recall: () => files.recall(),
    append: (record) => files.append(lie(record)),
    whenDurable: (done) => files.whenDurable(done),
    checkpoint: (checkpoint) => files.checkpoint(checkpoint),
    close: () => files.close(),
  };
  const starting = createEngine({
    venue: hyperliquid({
      network: { http: "http://127.0.0.1:1", ws: "ws://127.0.0.1:1/ws", signatures: "mainnet" },
      account: ACCOUNT,
      signer: testSigner(ACCOUNT),
      wire,
    }),
    journal,
    clock,
    random: seededRandom(2),
  });
  await steps(clock, 2_000);
  const engine = await starting;
  const order = engine.place({
    coin: "BTC",
    side: "buy",
    price: "50000",
    size: "0.001",
    tif: "Gtc",
  });
  await steps(clock, 500);
  void order.cancel();
  await steps(clock, 500);
  files.close();
  return order.cloid;
}

async function cloister(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const { terminal, said } = fakeTerminal();
  const code = await run(argv, terminal);
  return { code, out: said.out(), err: said.err() };
}

describe("cloister replay", () => {
  beforeAll(async () => {
    cloid = await live(good, (record) => record);
    await live(bad, (record) =>
      record.before === undefined ? record : { ...record, before: "x" },
    );
  });

  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it("tells the story of a journal, and that every tick is the same again", async () => {
    const { code, out, err } = await cloister("replay", good);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("a life of the process begins");
    expect(out).toContain(`${cloid} pending → resting by venue.accepted`);
    expect(out).toContain(`${cloid} resting → canceled by venue.canceled`);
    expect(out).toMatch(/\n\d+ records; \d\d+ ticks compared and the same; no tick is another\n$/);
  });

  it("says which tick is the first that is another, with exit code 1", async () => {
    const { code, out } = await cloister("replay", bad, "--quiet");
    expect(code).toBe(1);
    expect(out).toMatch(
      /^\d+ records; \d+ ticks compared and the same; tick \d+ is the first that/,
    );
  });

  it("until a record, of one order, and why it is as it is there", async () => {
    const { out: all } = await cloister("replay", good);
    const [at = ""] = new RegExp(`^\\d+(?= .*${cloid} pending → resting)`, "m").exec(all) ?? [];
    const { code, out } = await cloister(
      ...["replay", good, "--until", at, "--order", cloid, "--explain"],
    );
    expect(code).toBe(0);
    expect(out).not.toContain("canceled");
    expect(out).toMatch(new RegExp(`^${cloid}: buy .*\n {2}resting: `, "m"));
    expect(out).toContain(`${at} records; `);
  });

  it("refuses what is no journal, and words that it does not know", async () => {
    expect(await cloister("replay", root)).toMatchObject({ code: 2 });
    expect(await cloister("replay")).toMatchObject({ code: 2 });
    expect(await cloister("replay", good, "--until", "x")).toMatchObject({ code: 2 });
    expect(await cloister("replay", good, "--order", "x")).toMatchObject({ code: 2 });
    expect(await cloister("replay", good, "--explain")).toMatchObject({ code: 2 });
  });
});
