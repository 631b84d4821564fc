import { compare, type Decimal, parseDecimal, ZERO } from "@cloister/model";
import { WrittenObject } from "../written-object.ts";
import { BASE_FEES, type FeeRates } from "../market/fees.ts";
import { type Choices, CHOICES } from "./choices.ts";

/** Numbers that the venue's papers leave open, and the sizes of memory. */
type Counts = {
  /** How much narrower the window of nonces is at both ends, ms (§16.7: about 120,000 was measured). */
  readonly nonceMarginMs: number;
  /** How many blocks one `orderUpdates` message tells of (§16.8). */
  readonly updatesBlocks: number;
  /** Most orders of one `order` action (§16.10; 200 was measured for cancels). */
  readonly ordersPerAction: number;
  /** Fills a subscription begins with (§16.11). */
  readonly snapshotFills: number;
  /** Orders per account that reads still know (§8.4). */
  readonly recordsKept: number;
  /** Orders and fills per account that the truth still knows, and how many orders its requests are about. */
  readonly archiveKept: number;
};

/** Least time between two pushes of a channel, ms (§16.8). */
export type Cadence = {
  readonly bookMs: number;
  readonly midsMs: number;
  /** Lists of orders and the states of accounts. */
  readonly stateMs: number;
  /** Contexts of markets, and what a web page needs. */
  readonly contextMs: number;
  readonly candleMs: number;
};

/** How the exchange behaves where it has a choice. */
export type Rules = Choices &
  Counts & {
    readonly cadence: Cadence;
    readonly fees: FeeRates;
    /** Quote volume that scheduleCancel asks for (§7.5). */
    readonly scheduleCancelVolume: Decimal;
    /** Quote volume that createSubAccount asks for. */
    readonly subAccountVolume: Decimal;
    /** What the backstop of liquidations begins with on each dex, quote units. */
    readonly backstopMoney: Decimal;
  };

/** The same as options: all may be left out, amounts and rates are texts. */
export type RulesOption = Partial<Choices & Counts> & {
  readonly cadence?: Partial<Cadence>;
  readonly fees?: Partial<Record<keyof FeeRates, string>>;
  /** Default "1000000". */
  readonly scheduleCancelVolume?: string;
  /** Default "1000000". */
  readonly backstopMoney?: string;
  /** Default "100000". */
  readonly subAccountVolume?: string;
};

const COUNT = { min: 1, max: Number.MAX_SAFE_INTEGER };
const DAY_MS = 86_400_000;

/**
 * Reads rules as an option or a file has them.
 * @throws invalidOption that names the path of the first unknown key or bad value.
 */
export function readRules(value: unknown, path: string): Rules {
  const rules = new WrittenObject(value, path, "rules");
  const count = (key: string, usual: number, bounds = COUNT): number =>
    rules.has(key) ? rules.whole(key, bounds) : usual;
  const read: Rules = {
    ...readChoices(rules),
    nonceMarginMs: count("nonceMarginMs", 0, { min: 0, max: DAY_MS - 1 }),
    updatesBlocks: count("updatesBlocks", 1),
    ordersPerAction: count("ordersPerAction", 200),
    snapshotFills: count("snapshotFills", 2_000, { ...COUNT, min: 0 }),
    recordsKept: count("recordsKept", 2_000),
    archiveKept: count("archiveKept", 100_000),
    cadence: readCadence(rules.object("cadence")),
    fees: readFees(rules.object("fees")),
    scheduleCancelVolume: readMoney(rules, "scheduleCancelVolume"),
    backstopMoney: readMoney(rules, "backstopMoney"),
    subAccountVolume: readMoney(rules, "subAccountVolume", "100000"),
  };
  rules.end();
  return read;
}

function readChoices(rules: WrittenObject): Choices {
  const words: Record<string, string> = {};
  for (const [name, choice] of Object.entries(CHOICES)) {
    words[name] = rules.has(name) ? rules.word(name, choice.words) : choice.words[0];
  }
  return words as Choices;
}

function readCadence(cadence: WrittenObject): Cadence {
  const pace = (key: string, usual: number): number =>
    cadence.has(key) ? cadence.whole(key, { min: 0, max: DAY_MS }) : usual;
  const read = {
    bookMs: pace("bookMs", 500),
    midsMs: pace("midsMs", 1_000),
    stateMs: pace("stateMs", 500),
    contextMs: pace("contextMs", 1_000),
    candleMs: pace("candleMs", 500),
  };
  cadence.end();
  return read;
}

function readFees(fees: WrittenObject): FeeRates {
  const rate = (name: keyof FeeRates): Decimal =>
    fees.has(name) ? parseDecimal(fees.decimal(name)) : BASE_FEES[name];
  const read = {
    perpTaker: rate("perpTaker"),
    perpMaker: rate("perpMaker"),
    spotTaker: rate("spotTaker"),
    spotMaker: rate("spotMaker"),
  };
  fees.end();
  return read;
}

function readMoney(rules: WrittenObject, key: string, usual = "1000000"): Decimal {
  const money = parseDecimal(rules.has(key) ? rules.decimal(key) : usual);
  if (compare(money, ZERO) >= 0) return money;
  throw rules.refuse(key, "must not be negative");
}
