import { createEngine } from "@cloister/engine";
import { hyperliquid, testSigner } from "@cloister/hyperliquid";
import { memoryJournal } from "@cloister/journal";
import { type JournalRecord, ManualClock, seededRandom } from "@cloister/model";
import { createExchange, recoverByLookup } from "@cloister/simulator";

const ACCOUNT = `0x${"a1".repeat(20)}`;
const STEP_MS = 20;

export type RealRecords = {
  readonly records: readonly JournalRecord[];
  /** Bytes of JSON of a whole life: a place, its answer and words, a cancel or a fill, the reaping. */
  readonly bytesPerOrder: number;
};

/** What a journal takes while so many orders live: every other one is canceled, the others are filled. */
export async function realRecords(orders: number): Promise<RealRecords> {
  const clock = new ManualClock();
  const exchange = createExchange({
    clock,
    random: seededRandom(1),
    recover: recoverByLookup,
    accounts: [{ address: ACCOUNT, deposit: "100000000" }],
  });
  const journal = memoryJournal({ mark: "c1015700", recordsMax: 1_000_000 });
  const venue = hyperliquid({
    network: { http: "http://127.0.0.1:1", ws: "ws://127.0.0.1:1/ws", signatures: "mainnet" },
    account: ACCOUNT,
    signer: testSigner(ACCOUNT),
    wire: exchange.wire(),
  });
  const opening = createEngine({ venue, journal, clock, random: seededRandom(2) });
  await passing(clock, 1_000);
  const engine = await opening;
  const before = bytesOf(journal.lines());
  for (let count = 0; count < orders; count += 1) {
    const isTaken = count % 2 === 0;
    const spec = { coin: "BTC", side: isTaken ? "buy" : "sell", size: "0.001" } as const;
    const order = engine.place(
      isTaken ? { ...spec, price: "70000", tif: "Ioc" } : { ...spec, price: "75000", tif: "Gtc" },
    );
    await passing(clock, 200);
    if (!isTaken) void order.cancel();
    await passing(clock, 200);
  }
  await passing(clock, 10_000);
  const bytesPerOrder = (bytesOf(journal.lines()) - before) / orders;
  const records = journal.records();
  const closing = engine.close();
  await passing(clock, 20_000);
  await closing;
  return { records, bytesPerOrder };
}

async function passing(clock: ManualClock, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += STEP_MS) {
    clock.advanceBy(STEP_MS);
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  }
}

function bytesOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
}
