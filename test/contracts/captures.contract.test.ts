import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { env } from "node:process";
import { decodeAnything } from "@cloister/hyperliquid";
import { afterAll, describe, expect, it } from "vitest";

/** A folder of messages that the real venue sent, each file kept in a shape of its own. */
const FOLDER = env["CLOISTER_CAPTURES"];

type Expected = {
  /** What it is, for the reader. */
  readonly name: string;
  /** The message as the venue sent it, taken out of the file. */
  readonly take: (file: Json) => unknown;
  /** The info type of a bare body. */
  readonly as?: string;
  /** Something had to be put back that its source had cut or changed: then it does not count as heard. */
  readonly mended?: true;
  /** Each line that it must become. */
  readonly lines: readonly RegExp[];
};

type Entry = { readonly excluded: string } | { readonly messages: readonly Expected[] };

/** How each file is unwrapped and what it becomes, or why it is left out. A file without an entry fails. */
const TABLE: Readonly<Record<string, Entry>> = {
  "README.md": { excluded: "describes the files" },
  "signing_vectors.json": {
    excluded: "signatures, no messages: the signing tests have all 36 in a fixture",
  },
  "recomma_modify_sequences.json": {
    excluded: "log excerpts: times, words and prices without frames",
  },
  "ccxt_static_response_orders.json": {
    messages: [
      {
        name: "ids as texts, which the venue never sends, are refused: an answer",
        take: (file) => at(file, "createOrder_filled"),
        lines: [/^unrecognized answer/],
      },
      {
        name: "with its numbers restored: an order that filled on arrival",
        mended: true,
        take: (file) => numbered(at(file, "createOrder_filled")),
        lines: [/^evidence answer: accepted as order \d+, executed 1 at 25\.585$/],
      },
      {
        name: "with its numbers restored: a parent that filled and two children that wait",
        mended: true,
        take: (file) => numbered(at(file, "createOrderWithTakeProfitAndStopLoss")),
        lines: [/executed 1 at/, /waits for its trigger$/, /waits for its trigger$/],
      },
      {
        name: "ids as texts are refused, the row beside them is not: history",
        take: (file) => at(file, "historicalOrders_same_oid_twice"),
        as: "historicalOrders",
        lines: [
          /^evidence historicalOrders: order \d+ open/,
          /^unrecognized historicalOrders: statusTimestamp is "/,
        ],
      },
      {
        name: "with its numbers restored: one order twice",
        mended: true,
        take: (file) => numbered(at(file, "historicalOrders_same_oid_twice")),
        as: "historicalOrders",
        lines: [
          /canceled \(requested\): sell HYPE at 40, 1 of 1 left$/,
          /open: sell HYPE at 40, 1 of 1 left$/,
        ],
      },
      {
        name: "with their numbers restored: fills with a builder's fee and of a liquidation",
        mended: true,
        take: (file) => numbered(at(file, "userFills_builderFee_and_liquidation")),
        as: "userFills",
        lines: [
          /buy 0\.73 HYPE at 33\.209, fee 0\.012896 USDC$/,
          /flx:CRCL .* USDH, liquidation \(market\)$/,
        ],
      },
    ],
  },
  "nautilus_http_clearinghouseState_negRawUsd.json": {
    messages: [
      {
        name: "no positions",
        take: whole,
        as: "clearinghouseState",
        lines: [/^evidence .*an empty list$/],
      },
    ],
  },
  "nautilus_http_spotClearinghouseState.json": {
    messages: [
      {
        name: "balances, of an outcome token too",
        take: whole,
        as: "spotClearinghouseState",
        lines: [/14\.625485 USDC/, /2000 PURR, 100 held/, /5\.2 HYPE/, /25 \+10, 0 held/],
      },
    ],
  },
  "nautilus_http_userFills_dust.json": {
    messages: [
      {
        name: "perps, spot with its fee in the base token, dust (tid 0), child vaults",
        take: whole,
        as: "userFills",
        lines: [
          /buy 8552\.3 ARB/,
          /buy 440 JUP/,
          /buy 1\.267 @156 .* USOL$/,
          /^evidence userFills: fill 0 .*sell 0\.0000086141 @142/,
          /sell 114\.3 MANTA/,
        ],
      },
    ],
  },
  "nautilus_ws_user_fill_liquidation.json": {
    messages: [
      {
        name: "a frame",
        take: whole,
        lines: [/^evidence user: .*sell 0\.001 BTC .*liquidation \(market\)$/],
      },
    ],
  },
  "pysdk_clearinghouseState.json": {
    messages: [
      {
        name: "of 2023, without the venue's time",
        take: whole,
        lines: [/^unrecognized clearinghouseState: time is/],
      },
    ],
  },
  "pysdk_extraAgents.json": {
    messages: [{ name: "a pair", take: whole, lines: [/^ignored extraAgents: 2 keys/] }],
  },
  "pysdk_frontendOpenOrders.json": {
    messages: [
      {
        name: "a parent and its children, which stand there twice",
        take: whole,
        lines: [
          /waits for its trigger$/,
          /waits for its trigger$/,
          /buy INJ at 10, 12\.5 of 12\.5 left$/,
        ],
      },
    ],
  },
  "pysdk_historicalOrders.json": {
    messages: [
      {
        name: "three Iocs that matched nothing, two canceled orders",
        take: whole,
        lines: [
          /rejected \(iocNoMatch\): buy TON/,
          /rejected \(iocNoMatch\): buy ORDI/,
          /rejected \(iocNoMatch\): buy GRIFFAIN/,
          /canceled \(requested\): buy DYDX/,
          /canceled \(requested\): buy DYDX/,
        ],
      },
    ],
  },
  "pysdk_l2Book.json": {
    messages: [
      {
        name: "meta and a book",
        take: whole,
        lines: [/^ignored meta: 28 perps/, /^ignored l2Book: prices of DYDX/],
      },
    ],
  },
  "pysdk_openOrders.json": {
    messages: [
      {
        name: "of 2023, without origSz",
        take: whole,
        lines: repeated(5, /^unrecognized openOrders: origSz is undefined/),
      },
    ],
  },
  "pysdk_userFills.json": {
    messages: [
      {
        name: "of 2023, without tid",
        take: whole,
        lines: repeated(6, /^unrecognized userFills: tid is undefined/),
      },
    ],
  },
  "pysdk_userRateLimit.json": {
    messages: [
      {
        name: "a pair",
        take: whole,
        lines: [/^ignored userRateLimit: 36589831368 of 170043731737/],
      },
    ],
  },
  "pysdk_userRole.json": {
    messages: [{ name: "a pair", take: whole, lines: [/^ignored userRole: vault/] }],
  },
  "tickwright_testnet_probes.json": {
    messages: [
      {
        name: "the answers",
        take: (file) =>
          every(file, "response").filter((answer) => at(answer, "response") !== undefined),
        lines: [
          /executed 0\.02 at 2686\.6$/,
          /^evidence answer: done$/,
          /refused \(alreadyGone\)/,
          /refused \(alreadyGone\)/,
          /not admitted \(batchTooLarge\)/,
          /not admitted \(addressBudget\)/,
        ],
      },
      {
        name: "single statuses, put back into an answer",
        mended: true,
        take: (file) => answerOf(every(file, "status")),
        lines: [
          /refused \(reduceOnly\)/,
          /refused \(iocNoMatch\)/,
          /executed 136 at 0\.2876$/,
          /refused \(minNotional\)/,
        ],
      },
      {
        name: "a stream element, from which the note cut the placement time, is refused",
        take: (file) => ({ channel: "orderUpdates", data: every(file, "element") }),
        lines: [/^unrecognized orderUpdates: timestamp is undefined$/],
      },
      {
        name: "the same with a placement time: a reduce-only order canceled with its position",
        mended: true,
        take: (file) => ({ channel: "orderUpdates", data: every(file, "element").map(placed) }),
        lines: [/^evidence orderUpdates: order \d+ canceled \(reduceOnly\): sell ETH at 2822\.5/],
      },
      {
        name: "rows cut by the note are refused",
        take: (file) => every(file, "row"),
        as: "frontendOpenOrders",
        lines: repeated(3, /^unrecognized frontendOpenOrders: timestamp is undefined$/),
      },
      {
        name: "the rows that lack only the time, with a time; the third lacks all but its trigger",
        mended: true,
        take: (file) => every(file, "row").map((row) => ({ ...record(row), timestamp: 1 })),
        as: "frontendOpenOrders",
        lines: [
          /sell ETH at 2821\.1, 0\.02 of 0\.05 left$/,
          /sell ETH at 1980, 0\.0507 of 0\.0507 left$/,
          /^unrecognized frontendOpenOrders: coin is undefined$/,
        ],
      },
      {
        name: "a record of which the note kept only sizes is refused",
        take: (file) => every(file, "response").find((answer) => at(answer, "order") !== undefined),
        as: "orderStatus",
        lines: [/^unrecognized orderStatus: coin is undefined$/],
      },
    ],
  },
};

/** Everything that the venue sends and the codec reads. */
const SPOKEN = [
  ...["orderUpdates", "userFills", "user", "openOrders", "clearinghouseState", "post"],
  ...["subscriptionResponse", "error", "pong", "bbo", "l2Book", "trades", "allMids"],
];
const READ = [
  "answer",
  ...[
    "orderStatus",
    "openOrders",
    "frontendOpenOrders",
    "userFills",
    "userFillsByTime",
    "historicalOrders",
  ],
  ...["userRole", "extraAgents", "userRateLimit", "clearinghouseState", "spotClearinghouseState"],
  ...["meta", "spotMeta", "perpDexs", "l2Book", "allMids"],
];

type Json = Readonly<Record<string, unknown>> | readonly unknown[];

const heardChannels = new Set<string>();
const heardReads = new Set<string>();

describe("what the real venue sent", () => {
  const files = FOLDER === undefined ? [] : readdirSync(FOLDER);

  it("is there, file by file, in the table", (context) => {
    context.skip(FOLDER === undefined, "CLOISTER_CAPTURES names no folder");
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => TABLE[file] === undefined)).toEqual([]);
  });

  for (const [file, entry] of Object.entries(TABLE)) {
    if ("excluded" in entry) continue;
    it.for(entry.messages)(`${file}: $name`, (expected, context) => {
      context.skip(FOLDER === undefined, "CLOISTER_CAPTURES names no folder");
      context.skip(!files.includes(file), "the folder has no such file");
      becomes(expected.take(read(join(FOLDER ?? "", file))), expected);
    });
  }

  afterAll(() => {
    if (FOLDER === undefined) return;
    console.log(
      `channels without a real capture: ${SPOKEN.filter((name) => !heardChannels.has(name)).join(", ")}`,
    );
    console.log(
      `reads without a real capture: ${READ.filter((name) => !heardReads.has(name)).join(", ")}`,
    );
  });
});

function becomes(message: unknown, { as, lines: expected, mended }: Expected): void {
  const decoded = decodeAnything(JSON.stringify(message), as === undefined ? {} : { as });
  const lines = decoded.map(({ verdict, what, told }) => `${verdict} ${what}: ${told}`);
  const where = lines.join("\n");
  expect(lines.length, where).toBe(expected.length);
  for (const [index, line] of lines.entries()) expect(line, where).toMatch(expected[index] ?? /^$/);
  if (mended) return;
  const heard = at(message, "channel") === undefined ? heardReads : heardChannels;
  for (const { verdict, what } of decoded) if (verdict !== "unrecognized") heard.add(what);
}

function read(path: string): Json {
  return JSON.parse(readFileSync(path, "utf8")) as Json;
}

function whole(file: Json): unknown {
  return file;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function at(value: unknown, key: string): unknown {
  return record(value)[key];
}

/** The parts of this name in a list of notes. */
function every(file: Json, key: string): readonly unknown[] {
  return Object.values(file).flatMap((note: unknown) => at(note, key) ?? []);
}

function answerOf(statuses: readonly unknown[]): unknown {
  return { status: "ok", response: { type: "order", data: { statuses } } };
}

function placed(element: unknown): unknown {
  return { ...record(element), order: { ...record(at(element, "order")), timestamp: 1 } };
}

function repeated(times: number, line: RegExp): readonly RegExp[] {
  return Array.from({ length: times }, () => line);
}

/** This file's source turned whole numbers of these keys into texts. */
const NUMBERS: ReadonlySet<string> = new Set([
  "oid",
  "tid",
  "time",
  "timestamp",
  "statusTimestamp",
]);

function numbered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(numbered);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, child]: [string, unknown]) => [
    key,
    NUMBERS.has(key) ? Number(child) : numbered(child),
  ]);
  return Object.fromEntries(entries);
}
