import { compare, type Decimal, readDecimal, ZERO } from "@cloister/model";
import { PlanObject } from "../faults/plan-object.ts";
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

/** How the exchange behaves where it has a choice. */
export type Rules = Choices &
  Counts & {
    readonly fees: FeeRates;
    /** Quote volume that scheduleCancel asks for (§7.5). */
    readonly scheduleCancelVolume: Decimal;
  };

/** The same as options: all may be left out, amounts and rates are texts. */
export type RulesOption = Partial<Choices & Counts> & {
  readonly fees?: Partial<Record<keyof FeeRates, string>>;
  /** Default "1000000". */
  readonly scheduleCancelVolume?: string;
};

const COUNT = { min: 1, max: Number.MAX_SAFE_INTEGER };
const DAY_MS = 86_400_000;

/**
 * Reads rules as an option or a file has them.
 * @throws invalidOption that names the path of the first unknown key or bad value.
 */
export function readRules(value: unknown, path: string): Rules {
  const rules = new PlanObject(value, path);
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
    fees: readFees(rules.object("fees")),
    scheduleCancelVolume: readVolume(rules),
  };
  rules.end();
  return read;
}

function readChoices(rules: PlanObject): Choices {
  const words: Record<string, string> = {};
  for (const [name, choice] of Object.entries(CHOICES)) {
    words[name] = rules.has(name) ? rules.word(name, choice.words) : choice.words[0];
  }
  return words as Choices;
}

function readFees(fees: PlanObject): FeeRates {
  const rate = (name: keyof FeeRates): Decimal => {
    if (!fees.has(name)) return BASE_FEES[name];
    const read = readDecimal(fees.name(name));
    if (read === undefined) throw fees.refuse(name, "must be a plain decimal");
    return read;
  };
  const read = {
    perpTaker: rate("perpTaker"),
    perpMaker: rate("perpMaker"),
    spotTaker: rate("spotTaker"),
    spotMaker: rate("spotMaker"),
  };
  fees.end();
  return read;
}

function readVolume(rules: PlanObject): Decimal {
  const key = "scheduleCancelVolume";
  const volume = readDecimal(rules.has(key) ? rules.name(key) : "1000000");
  if (volume !== undefined && compare(volume, ZERO) >= 0) return volume;
  throw rules.refuse(key, "must be a plain decimal, not negative");
}
