import {
  brokenNotionalRule,
  brokenPriceRule,
  brokenSizeRule,
  type Builder,
  type CancelScope,
  type Cloid,
  CloisterError,
  type Decimal,
  type Ending,
  type Grouping,
  invalidSpec,
  type Market,
  type ModifySpec,
  type OnDoubt,
  type OrderTerms,
  parseDecimal,
  type PlaceSpec,
  readAddress,
  type TriggerSpec,
  type Venue,
} from "@cloister/model";

const PLACE_FIELDS = {
  coin: true,
  side: true,
  price: true,
  size: true,
  tif: true,
  reduceOnly: true,
  trigger: true,
  cloid: true,
  tag: true,
  expiresAfterMs: true,
  onDoubt: true,
  builder: true,
} as const satisfies { readonly [field in keyof PlaceSpec]-?: true };
const BUILDER_FIELDS = { address: true, fee: true } as const satisfies {
  readonly [field in keyof Builder]-?: true;
};
const TRIGGER_FIELDS = { price: true, kind: true, market: true } as const satisfies {
  readonly [field in keyof TriggerSpec]-?: true;
};
const MODIFY_FIELDS = { price: true, leaves: true } as const satisfies {
  readonly [field in keyof ModifySpec]-?: true;
};

/** What a caller asked for, checked against every rule that needs no state. */
export type ValidPlace = {
  readonly terms: OrderTerms;
  readonly tag?: string;
  readonly expiresAfterMs?: number;
  readonly onDoubt: OnDoubt;
  readonly builder?: Builder;
};

/**
 * Checks a spec against the static rules of its market (protocol §11.2).
 * @throws unknownCoin, invalidSpec: names the field, the value and the rule; nothing was sent.
 */
export function validatePlace(spec: PlaceSpec, venue: Venue): ValidPlace {
  assertObject("spec", spec);
  onlyKnown("", spec, PLACE_FIELDS);
  const market = marketFor(spec.coin, venue);
  if (market.delisted) throw invalidSpec("coin", spec.coin, "is delisted");
  const side = oneOf("side", spec.side, ["buy", "sell"] as const);
  const tif = oneOf("tif", spec.tif, ["Alo", "Ioc", "Gtc"] as const);
  const price = validPrice("price", spec.price, market);
  const size = validSize("size", spec.size, market);
  const reduceOnly = validReduceOnly(spec, market);
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
    onDoubt: validOnDoubt(spec),
    ...(spec.builder === undefined ? {} : { builder: validBuilder(spec.builder, market) }),
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
  onlyKnown("", spec, MODIFY_FIELDS);
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

function validReduceOnly(spec: PlaceSpec, market: Market): boolean {
  const reduceOnly = flag("reduceOnly", spec.reduceOnly);
  if (reduceOnly && market.kind === "spot") {
    throw invalidSpec("reduceOnly", true, "is invalid for spot (protocol §7.4)");
  }
  return reduceOnly;
}

function validOnDoubt({ onDoubt = "withdraw", tif }: PlaceSpec): OnDoubt {
  const policy = oneOf("onDoubt", onDoubt, ["withdraw", "land"] as const);
  if (policy === "land" && tif === "Ioc") {
    throw invalidSpec("onDoubt", policy, "lands only Alo and Gtc orders");
  }
  return policy;
}

function validTrigger(spec: PlaceSpec, market: Market): OrderTerms["trigger"] {
  if (spec.trigger === undefined) return undefined;
  assertObject("trigger", spec.trigger);
  onlyKnown("trigger.", spec.trigger, TRIGGER_FIELDS);
  const trigger = {
    price: validPrice("trigger.price", spec.trigger.price, market),
    kind: oneOf("trigger.kind", spec.trigger.kind, ["tp", "sl"] as const),
    market: flag("trigger.market", spec.trigger.market),
  };
  if (spec.reduceOnly !== true) {
    throw invalidSpec("reduceOnly", false, "must be true for TP/SL orders (protocol §7.4)");
  }
  return trigger;
}

/** At most 10 bp for perps and 100 bp for spot (protocol §6.2). */
function validBuilder(given: Builder, market: Market): Builder {
  assertObject("builder", given);
  onlyKnown("builder.", given, BUILDER_FIELDS);
  const address = readAddress(given.address);
  if (address === undefined) {
    throw invalidSpec("builder.address", given.address, "must be 0x and 40 hex digits");
  }
  const most = market.kind === "spot" ? 1_000 : 100;
  const { fee } = given;
  if (!Number.isSafeInteger(fee) || fee < 0 || fee > most) {
    throw invalidSpec("builder.fee", fee, `must be 0 to ${most} tenths of a basis point`);
  }
  return { address, fee };
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

/** The options of a command, for callers without types. @throws invalidSpec for what nobody reads. */
export function checkOptionsOf(
  command: string,
  options: object,
  known: Readonly<Record<string, true>>,
): void {
  assertObject(`${command} options`, options);
  onlyKnown(`${command}.`, options, known);
}

/** @throws invalidSpec */
export function validGrouping(grouping: Grouping): Grouping {
  return oneOf("grouping", grouping, ["na", "normalTpsl", "positionTpsl"] as const);
}

/** What a close does with orders. @throws invalidSpec */
export function validEnding(orders: Ending): Ending {
  return oneOf("orders", orders, ["cancel", "leave", "wait"] as const);
}

/** Whose orders a cancelAll is about. @throws invalidSpec */
export function validScope(scope: CancelScope): CancelScope {
  return oneOf("scope", scope, ["ours", "account"] as const);
}

/** @throws invalidSpec */
export function validReason(reason: string): string {
  if (typeof reason !== "string" || reason.length > 1_000) {
    throw invalidSpec("reason", reason, "must be text of at most 1000 characters");
  }
  return reason;
}

/** For callers without types. @throws invalidSpec */
export function assertList(field: string, value: unknown): void {
  if (!Array.isArray(value)) throw invalidSpec(field, value, "must be a list");
}

/** A field that nobody reads is a wish that would not be kept: "reduceonly" places an order that opens. */
function onlyKnown(where: string, value: object, known: Readonly<Record<string, true>>): void {
  for (const field of Object.keys(value)) {
    if (Object.hasOwn(known, field)) continue;
    const rule = `is not a field here; known are ${Object.keys(known).join(", ")}`;
    throw invalidSpec(`${where}${field}`, Reflect.get(value, field), rule);
  }
}

function oneOf<T extends string>(field: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((word) => word === value);
  if (found === undefined) throw invalidSpec(field, value, `must be one of ${allowed.join(", ")}`);
  return found;
}

export function flag(field: string, value: boolean | undefined): boolean {
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
