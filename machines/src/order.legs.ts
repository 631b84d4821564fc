import {
  add,
  type CancelCause,
  compare,
  type Decimal,
  maxDecimal,
  minDecimal,
  type Oid,
  ZERO,
} from "@cloister/model";

/** How a leg ended, as far as the venue has said. Several endings of one leg are joined, never overwritten. */
export type Ending = {
  readonly word: "filled" | "canceled" | "rejected";
  /** Absent for `filled`. */
  readonly cause: CancelCause | undefined;
  /** Venue time of the word, ms. */
  readonly at: number;
  /** Executed size in all, as an answer states it. */
  readonly total: Decimal | undefined;
  /** What was left when it ended, as the stream states it. */
  readonly left: Decimal | undefined;
  /** Both `filled` and another ending were said of this leg. */
  readonly conflicting: boolean;
  /** A rejection was said of it, alone or among others. */
  readonly rejected: boolean;
};

/** What an open-order read showed to be left, and the venue time at which that read began. */
export type Shown = { readonly size: Decimal; readonly begunAt: number };

/** One oid of an order: what is known of it. A modify makes a new one. Sizes in base units. */
export type Leg = {
  readonly oid: Oid;
  /** The venue had it: an answer, a read, a fill, or any word but a rejection named it. */
  readonly real: boolean;
  readonly triggered: boolean;
  /** Latest venue time at which something showed it alive. */
  readonly positiveAt: number;
  /** Full size and price, as evidence names them. */
  readonly size: Decimal | undefined;
  readonly price: Decimal | undefined;
  /** Full size that the modify which made it asked for: counts until evidence names one. */
  readonly asked: Decimal | undefined;
  readonly shown: Shown | undefined;
  readonly ending: Ending | undefined;
  /** Σ of its distinct fills. */
  readonly filled: Decimal;
  /** Venue time at which a complete read of fills began that brought nothing new. */
  readonly searchedAt: number | undefined;
  /** Venue time of the read with which the search for its fills was given up. */
  readonly givenUpAt: number | undefined;
};

/** Legs are kept whole up to here; then the oldest ended ones become one sum. */
export const LEGS_MAX = 64;

const NEVER = -1;

export function unseenLeg(oid: Oid): Leg {
  return {
    oid,
    real: false,
    triggered: false,
    positiveAt: NEVER,
    size: undefined,
    price: undefined,
    asked: undefined,
    shown: undefined,
    ending: undefined,
    filled: ZERO,
    searchedAt: undefined,
    givenUpAt: undefined,
  };
}

export function findLeg(legs: readonly Leg[], oid: Oid): Leg | undefined {
  for (let index = legs.length - 1; index >= 0; index -= 1) {
    const leg = legs[index];
    if (leg?.oid === oid) return leg;
  }
  return undefined;
}

/** The same legs with this one in its place, by growing oid. */
export function putLeg(legs: readonly Leg[], leg: Leg): readonly Leg[] {
  if (legs.length === 0 || (legs.length === 1 && legs[0]?.oid === leg.oid)) return [leg];
  const next = legs.filter((other) => other.oid !== leg.oid);
  const after = next.findIndex((other) => other.oid > leg.oid);
  next.splice(after < 0 ? next.length : after, 0, leg);
  return next;
}

type Sighting = {
  readonly at: number;
  readonly triggered: boolean;
  readonly size?: Decimal | undefined;
  readonly price?: Decimal | undefined;
  readonly asked?: Decimal | undefined;
};

/** Something showed the leg alive. */
export function seen(leg: Leg, sighting: Sighting): Leg {
  const triggered = leg.triggered || sighting.triggered;
  const positiveAt = Math.max(leg.positiveAt, sighting.at);
  const size = larger(leg.size, sighting.size);
  const price = larger(leg.price, sighting.price);
  const asked = larger(leg.asked, sighting.asked);
  const same =
    leg.real &&
    triggered === leg.triggered &&
    positiveAt === leg.positiveAt &&
    size === leg.size &&
    price === leg.price &&
    asked === leg.asked;
  if (same) return leg;
  return {
    oid: leg.oid,
    real: true,
    triggered,
    positiveAt,
    size,
    price,
    asked,
    shown: leg.shown,
    ending: leg.ending,
    filled: leg.filled,
    searchedAt: leg.searchedAt,
    givenUpAt: leg.givenUpAt,
  };
}

/** A new fill of the leg. */
export function booked(leg: Leg, fill: { readonly at: number; readonly size: Decimal }): Leg {
  return {
    oid: leg.oid,
    real: true,
    triggered: true,
    positiveAt: Math.max(leg.positiveAt, fill.at),
    size: leg.size,
    price: leg.price,
    asked: leg.asked,
    shown: leg.shown,
    ending: leg.ending,
    filled: add(leg.filled, fill.size),
    searchedAt: leg.searchedAt,
    givenUpAt: leg.givenUpAt,
  };
}

type LastWord = {
  readonly word: Ending["word"];
  readonly at: number;
  readonly cause?: CancelCause | undefined;
  readonly total?: Decimal | undefined;
  readonly left?: Decimal | undefined;
  readonly size?: Decimal | undefined;
  readonly price?: Decimal | undefined;
};

/** The venue said that the leg is over. A rejection does not show that it was ever there. */
export function ended(leg: Leg, last: LastWord): Leg {
  const ending = joinEndings(leg.ending, {
    word: last.word,
    cause: last.cause,
    at: last.at,
    total: last.total,
    left: last.left,
    conflicting: false,
    rejected: last.word === "rejected",
  });
  const real = leg.real || last.word !== "rejected";
  const size = larger(leg.size, last.size);
  const price = larger(leg.price, last.price);
  const sameTerms = size === leg.size && price === leg.price;
  if (ending === leg.ending && real === leg.real && sameTerms) return leg;
  return {
    oid: leg.oid,
    real,
    triggered: leg.triggered || last.word === "filled",
    positiveAt: leg.positiveAt,
    size,
    price,
    asked: leg.asked,
    shown: leg.shown,
    ending,
    filled: leg.filled,
    searchedAt: leg.searchedAt,
    givenUpAt: leg.givenUpAt,
  };
}

/** An open-order read showed what is left: the later read counts, of two equal ones the smaller size. */
export function shown(leg: Leg, read: Shown): Leg {
  const old = leg.shown;
  const newer =
    old === undefined ||
    read.begunAt > old.begunAt ||
    (read.begunAt === old.begunAt && compare(read.size, old.size) < 0);
  return newer ? { ...leg, shown: read } : leg;
}

type Search = { readonly readBegunAt?: number };

/** A search that does not say when it began stands for ever. */
const FOREVER = Number.MAX_SAFE_INTEGER;

export function searched(leg: Leg, { readBegunAt = FOREVER }: Search): Leg {
  return readBegunAt > (leg.searchedAt ?? NEVER) ? { ...leg, searchedAt: readBegunAt } : leg;
}

export function givenUp(leg: Leg, { readBegunAt = FOREVER }: Search): Leg {
  return readBegunAt > (leg.givenUpAt ?? NEVER) ? { ...leg, givenUpAt: readBegunAt } : leg;
}

/** A complete read, begun after everything that is known of the leg, brought nothing new. */
export function isSearched(leg: Leg): boolean {
  return isSince(leg, leg.searchedAt);
}

/** The search was given up, and nothing was heard of the leg since. */
export function isGivenUp(leg: Leg): boolean {
  return isSince(leg, leg.givenUpAt);
}

function isSince(leg: Leg, at: number | undefined): boolean {
  if (at === undefined) return false;
  return at >= Math.max(leg.positiveAt, leg.shown?.begunAt ?? NEVER, leg.ending?.at ?? NEVER);
}

/** Independent of arrival: filled > canceled > rejected, the more telling cause, the earlier time, the alphabet. */
function joinEndings(old: Ending | undefined, news: Ending): Ending {
  if (old === undefined) return news;
  const best = outranks(news, old) ? news : old;
  const total = larger(old.total, news.total);
  const left = smaller(old.left, news.left);
  const clash = old.word !== news.word && best.word === "filled";
  const conflicting = old.conflicting || news.conflicting || clash;
  const rejected = old.rejected || news.rejected;
  const same = best === old && total === old.total && left === old.left;
  if (same && conflicting === old.conflicting && rejected === old.rejected) return old;
  return { word: best.word, cause: best.cause, at: best.at, total, left, conflicting, rejected };
}

const RANK = { filled: 2, canceled: 1, rejected: 0 } as const;

function outranks(a: Ending, b: Ending): boolean {
  if (a.word !== b.word) return RANK[a.word] > RANK[b.word];
  if (tells(a.cause) !== tells(b.cause)) return tells(a.cause) > tells(b.cause);
  if (a.at !== b.at) return a.at < b.at;
  return (a.cause ?? "") < (b.cause ?? "");
}

/** The venue's plain `canceled` says least; that a modify replaced the leg says more; any other word most. */
function tells(cause: CancelCause | undefined): number {
  return cause === "requested" ? 0 : cause === "replaced" ? 1 : 2;
}

function larger(a: Decimal | undefined, b: Decimal | undefined): Decimal | undefined {
  return a === undefined ? b : b === undefined || a === b ? a : maxDecimal(a, b);
}

function smaller(a: Decimal | undefined, b: Decimal | undefined): Decimal | undefined {
  return a === undefined ? b : b === undefined || a === b ? a : minDecimal(a, b);
}
