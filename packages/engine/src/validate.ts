import {
  brokenNotionalRule,
  brokenPriceRule,
  brokenSizeRule,
  type Cloid,
  CloisterError,
  type Decimal,
  invalidSpec,
  type Market,
  type ModifySpec,
  type OrderTerms,
  parseDecimal,
  type PlaceSpec,
  type Venue,
} from "@cloister/model";

/** What a caller asked for, checked against every rule that needs no state. */
export type ValidPlace = {
  readonly terms: OrderTerms;
  readonly tag?: string;
  readonly expiresAfterMs?: number;
};

/**
 * Checks a spec against the static rules of its market (protocol §11.2).
 * @throws unknownCoin, invalidSpec: names the field, the value and the rule; nothing was sent.
 */
export function validatePlace(spec: PlaceSpec, venue: Venue): ValidPlace {
  assertObject("spec", spec);
  const market = marketFor(spec.coin, venue);
  if (market.delisted) throw invalidSpec("coin", spec.coin, "is delisted");
  const side = oneOf("side", spec.side, ["buy", "sell"] as const);
  const tif = oneOf("tif", spec.tif, ["Alo", "Ioc", "Gtc"] as const);
  const price = validPrice("price", spec.price, market);
  const size = validSize("size", spec.size, market);
  const reduceOnly = flag("reduceOnly", spec.reduceOnly);
  if (reduceOnly && market.kind === "spot") {
    throw invalidSpec("reduceOnly", true, "is invalid for spot (protocol §7.4)");
  }
  if (!reduceOnly) {
    const broken = brokenNotionalRule(market, price, size);
    if (broken !== undefined) throw invalidSpec("size", spec.size, broken);
  }
  const trigger = validTrigger(spec, market);
  const terms: OrderTerms = {
    coin: market.coin,
    side,
    price,
    size,
    tif,
    reduceOnly,
    ...(trigger === undefined ? {} : { trigger }),
  };
  return {
    terms: Object.freeze(terms),
    ...(spec.tag === undefined ? {} : { tag: validTag(spec.tag) }),
    ...(spec.expiresAfterMs === undefined
      ? {}
      : { expiresAfterMs: validMs("expiresAfterMs", spec.expiresAfterMs) }),
  };
}

/** @throws invalidSpec; whether the order can be modified now is judged later. */
export function validateModify(
  spec: ModifySpec,
  market: Market,
): { price?: Decimal; leaves?: Decimal } {
  assertObject("modify", spec);
  if (spec.price === undefined && spec.leaves === undefined) {
    throw invalidSpec("modify", "{}", "must name a price or leaves");
  }
  return {
    ...(spec.price === undefined ? {} : { price: validPrice("price", spec.price, market) }),
    ...(spec.leaves === undefined ? {} : { leaves: validSize("leaves", spec.leaves, market) }),
  };
}

/** @throws unknownCoin */
export function marketFor(coin: string, venue: Venue): Market {
  const market = venue.market(coin);
  if (market === undefined) {
    throw new CloisterError(
      "unknownCoin",
      `coin ${JSON.stringify(coin)}: ${venue.name} lists no such coin`,
      {
        details: {
          field: "coin",
          value: coin,
          rule: "must be listed by the venue, in its spelling",
        },
      },
    );
  }
  return market;
}

export function duplicateCloid(cloid: Cloid): CloisterError {
  return new CloisterError("duplicateCloid", `cloid ${cloid} belongs to another order`, {
    details: { field: "cloid", value: cloid, rule: "must be new to this engine" },
  });
}

function validTrigger(spec: PlaceSpec, market: Market): OrderTerms["trigger"] {
  if (spec.trigger === undefined) return undefined;
  assertObject("trigger", spec.trigger);
  return {
    price: validPrice("trigger.price", spec.trigger.price, market),
    kind: oneOf("trigger.kind", spec.trigger.kind, ["tp", "sl"] as const),
    market: flag("trigger.market", spec.trigger.market),
  };
}

function validPrice(field: string, text: string, market: Market): Decimal {
  const price = parseDecimal(text, field);
  const broken = brokenPriceRule(market, price);
  if (broken !== undefined) throw invalidSpec(field, text, `${broken} (tick, protocol §11.2)`);
  return price;
}

function validSize(field: string, text: string, market: Market): Decimal {
  const size = parseDecimal(text, field);
  const broken = brokenSizeRule(market, size);
  if (broken !== undefined) throw invalidSpec(field, text, `${broken} (lot, protocol §11.2)`);
  return size;
}

/** Callers without types come this way too. */
function assertObject(field: string, value: unknown): void {
  if (typeof value !== "object" || value === null) {
    throw invalidSpec(field, value, "must be an object");
  }
}

function oneOf<T extends string>(field: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((word) => word === value);
  if (found === undefined) throw invalidSpec(field, value, `must be one of ${allowed.join(", ")}`);
  return found;
}

function flag(field: string, value: boolean | undefined): boolean {
  if (value !== undefined && typeof value !== "boolean") {
    throw invalidSpec(field, value, "must be true or false");
  }
  return value ?? false;
}

function validTag(tag: string): string {
  if (typeof tag !== "string" || tag.length > 128) {
    throw invalidSpec("tag", tag, "must be text of at most 128 characters");
  }
  return tag;
}

export function validMs(field: string, value: number): number {
  if (!Number.isSafeInteger(value) || value <= 0) {
    throw invalidSpec(field, value, "must be a whole number of ms above 0");
  }
  return value;
}
