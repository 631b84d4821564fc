import {
  compare,
  type Decimal,
  invalidOption,
  readDecimal,
  type References,
  type RiskCause,
  ZERO,
} from "@cloister/model";

/** A number of base units per coin, as decimal strings; "*" stands for every coin that is not named. */
export type PerCoin = Readonly<Record<string, string>>;

/**
 * What no order of ours may go beyond; each is off unless it is given. A place or modify that would ends `refused`,
 * by "local", with its cause; cancels never do.
 */
export type RiskOptions = {
  /** Largest size of one order, base units. Not for what only reduces the position. */
  readonly maxOrderSize?: PerCoin;
  /** Largest value of one order at its own price, quote. Not for what only reduces the position. */
  readonly maxOrderNotional?: string;
  /**
   * How far the position may go to either side in the worst case, base units: when all that is open, pending,
   * doubtful or both legs of a modify has filled.
   */
  readonly maxPosition?: PerCoin;
  /** Orders of this engine that live at once. */
  readonly maxOpenOrders?: number;
  /**
   * How far a price may be from `referencePrice(coin)`, as a fraction of it: "0.05" is five percent. A trigger order's
   * price is measured from its trigger price.
   */
  readonly priceBand?: string;
};

/** What a coin is worth now, in quote, as a decimal string; undefined when nobody knows. */
export type ReferencePrice = (coin: string) => string | undefined;

/** The same, understood. */
export type Risk = {
  readonly maxOrderSize: ReadonlyMap<string, Decimal>;
  readonly maxOrderNotional: Decimal | undefined;
  readonly maxPosition: ReadonlyMap<string, Decimal>;
  readonly maxOpenOrders: number | undefined;
  readonly priceBand: Decimal | undefined;
};

/** Why an order must not be sent, and by which numbers. */
export type RiskRefusal = { readonly cause: RiskCause; readonly text: string };

type Given = {
  readonly risk?: RiskOptions | undefined;
  readonly referencePrice?: ReferencePrice | undefined;
};

const OPTIONS = {
  maxOrderSize: true,
  maxOrderNotional: true,
  maxPosition: true,
  maxOpenOrders: true,
  priceBand: true,
} as const satisfies { readonly [option in keyof RiskOptions]-?: true };

/** @throws invalidOption */
export function riskOf({ risk: given = {}, referencePrice: reference }: Given): Risk {
  assertObject("risk", given);
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(OPTIONS, name)) throw invalidOption(`risk.${name}`, "…", "is not an option");
  }
  if (reference !== undefined && typeof reference !== "function") {
    throw invalidOption("referencePrice", reference, "must be a function of a coin");
  }
  if (given.priceBand !== undefined && reference === undefined) {
    throw invalidOption("risk.priceBand", given.priceBand, "must come with referencePrice(coin)");
  }
  return {
    maxOrderSize: perCoin("maxOrderSize", given.maxOrderSize),
    maxOrderNotional: positive("maxOrderNotional", given.maxOrderNotional),
    maxPosition: perCoin("maxPosition", given.maxPosition),
    maxOpenOrders: count("maxOpenOrders", given.maxOpenOrders),
    priceBand: positive("priceBand", given.priceBand),
  };
}

/** A limit for a coin that does not exist limits nothing. @throws invalidOption */
export function checkRiskCoins(risk: Risk, exists: (coin: string) => boolean): void {
  for (const name of ["maxOrderSize", "maxPosition"] as const) {
    for (const coin of risk[name].keys()) {
      if (coin !== "*" && !exists(coin)) {
        throw invalidOption(`risk.${name}`, coin, "must name coins that the venue lists, or *");
      }
    }
  }
}

/** What the coins are worth now. A function that throws, or answers with no price, has said nothing. */
export function referencesOf(
  coins: Iterable<string>,
  ask: (coin: string) => string | undefined,
): References {
  const known: [string, Decimal][] = [];
  for (const coin of new Set(coins)) {
    const price = readDecimal(ask(coin));
    if (price !== undefined && compare(price, ZERO) > 0) known.push([coin, price]);
  }
  return Object.fromEntries(known);
}

function perCoin(name: string, given: PerCoin | undefined): ReadonlyMap<string, Decimal> {
  if (given === undefined) return new Map();
  assertObject(`risk.${name}`, given);
  return new Map(
    Object.entries(given).map(([coin, text]) => [coin, decimal(`${name}.${coin}`, text)]),
  );
}

/** For callers without types. */
function assertObject(name: string, given: unknown): void {
  if (typeof given === "object" && given !== null) return;
  throw invalidOption(name, given, "must be an object");
}

function positive(name: string, text: string | undefined): Decimal | undefined {
  return text === undefined ? undefined : decimal(name, text);
}

function decimal(name: string, text: unknown): Decimal {
  const value = readDecimal(text);
  if (value !== undefined && compare(value, ZERO) > 0) return value;
  throw invalidOption(`risk.${name}`, text, "must be a decimal string above zero");
}

function count(name: string, given: number | undefined): number | undefined {
  if (given === undefined || (Number.isSafeInteger(given) && given > 0)) return given;
  throw invalidOption(`risk.${name}`, given, "must be a whole number of at least 1");
}
