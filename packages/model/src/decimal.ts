import type { Brand } from "./brand.ts";
import { invalidSpec } from "./errors.ts";

/**
 * An exact decimal number. Opaque: made by `parseDecimal`, read by `formatDecimal`.
 * A value that fits is a safe integer in units of 1e-8, any other is its canonical text,
 * so each value has one form, `===` is equality, and JSON keeps it as it is.
 */
export type Decimal = Brand<number | string, "Decimal">;

const DIGITS = 8;
const UNIT = 100_000_000;
const MAX = Number.MAX_SAFE_INTEGER;
/** No small number is longer; a long text is not read twice. */
const SMALL_LENGTH_MAX = 18;
const MINUS = 45;
const DOT = 46;
const NOUGHT = 48;
const NINE = 57;
const TEXT = /^(-?)(\d+)(?:\.(\d+))?$/;
/** Longer than any number of the venue; keeps hostile text cheap. */
const LENGTH_MAX = 64;

export const ZERO: Decimal = made(0);
export const ONE: Decimal = made(UNIT);

function made(value: number | string): Decimal {
  return value as Decimal;
}

/** The decimal that a plain text ("64000.0", "-0.5") spells; undefined for anything else. */
export function readDecimal(text: unknown): Decimal | undefined {
  if (typeof text !== "string") return undefined;
  const quick = readSmall(text);
  if (quick !== undefined) return made(quick);
  if (text.length > LENGTH_MAX) return undefined;
  const parts = TEXT.exec(text);
  if (parts === null) return undefined;
  const fraction = parts[3] ?? "";
  return fromExact({
    digits: BigInt(`${parts[1] ?? ""}${parts[2] ?? ""}${fraction}`),
    scale: fraction.length,
  });
}

/** At most 8 digits after the dot, and small enough to stay exact all the way: the hot path. */
function readSmall(text: string): number | undefined {
  if (text.length > SMALL_LENGTH_MAX) return undefined;
  const start = text.charCodeAt(0) === MINUS ? 1 : 0;
  let digits = 0;
  let dot = -1;
  for (let index = start; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= NOUGHT && code <= NINE) digits = digits * 10 + (code - NOUGHT);
    else if (code === DOT && dot < 0) dot = index;
    else return undefined;
  }
  const scaled = digits * factorOf(text, start, dot);
  if (!(scaled <= MAX)) return undefined;
  return start === 1 && scaled !== 0 ? -scaled : scaled;
}

/** What makes units of 1e-8 of the digits in a text; NaN when there are none, or the dot is bare. */
function factorOf(text: string, start: number, dot: number): number {
  if (dot < 0) return text.length > start ? UNIT : Number.NaN;
  const decimals = text.length - dot - 1;
  if (dot === start || decimals === 0) return Number.NaN;
  return POWERS[DIGITS - decimals] ?? Number.NaN;
}

const POWERS = Array.from({ length: DIGITS + 1 }, (_, power) => 10 ** power);

/**
 * The decimal that a text spells.
 * @throws invalidSpec for anything but a plain decimal: NaN, exponents, signs other than a minus, floats.
 */
export function parseDecimal(text: unknown, field = "decimal"): Decimal {
  const value = readDecimal(text);
  if (value !== undefined) return value;
  throw invalidSpec(field, text, 'must be a plain decimal string such as "0.001"');
}

/** A whole number as a decimal. @throws invalidSpec unless it is a safe integer. */
export function decimalOf(value: number): Decimal {
  if (!Number.isSafeInteger(value)) throw invalidSpec("decimal", value, "must be a safe integer");
  return fromExact({ digits: BigInt(value), scale: 0 });
}

/** Canonical text: no exponent, no trailing zeros, no plus sign. */
export function formatDecimal(value: Decimal): string {
  if (typeof value === "string") return value;
  const size = Math.abs(value);
  const whole = Math.floor(size / UNIT);
  const fraction = size - whole * UNIT;
  const sign = value < 0 ? "-" : "";
  if (fraction === 0) return `${sign}${whole}`;
  let end = DIGITS;
  let rest = fraction;
  while (rest % 10 === 0) {
    rest /= 10;
    end -= 1;
  }
  return `${sign}${whole}.${String(rest).padStart(end, "0")}`;
}

export function add(a: Decimal, b: Decimal): Decimal {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (sum <= MAX && sum >= -MAX) return made(sum);
  }
  const [x, y] = aligned(a, b);
  return fromExact({ digits: x.digits + y.digits, scale: x.scale });
}

export function negate(a: Decimal): Decimal {
  if (typeof a === "number") return made(a === 0 ? 0 : -a);
  const exact = toExact(a);
  return fromExact({ digits: -exact.digits, scale: exact.scale });
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  if (typeof a === "number" && typeof b === "number") {
    const difference = a - b;
    if (difference <= MAX && difference >= -MAX) return made(difference);
  }
  return add(a, negate(b));
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  if (typeof a === "number" && typeof b === "number") {
    const quick = multiplySmall(a, b);
    if (quick !== undefined) return made(quick);
  }
  const x = toExact(a);
  const y = toExact(b);
  return fromExact({ digits: x.digits * y.digits, scale: x.scale + y.scale });
}

/** Splits both into whole and fraction, so that every partial product stays a safe integer. */
function multiplySmall(a: number, b: number): number | undefined {
  const aWhole = Math.trunc(a / UNIT);
  const aRest = a - aWhole * UNIT;
  const bWhole = Math.trunc(b / UNIT);
  const bRest = b - bWhole * UNIT;
  const low = aRest * bRest;
  if (low > MAX || low < -MAX || low % UNIT !== 0) return undefined;
  const high = aWhole * b;
  const middle = aRest * bWhole;
  // The middle is never larger than b, nor than the high part if there is one: it needs no check.
  if (Math.abs(high) > MAX / 4) return undefined;
  const sum = high + middle + low / UNIT;
  return sum === 0 ? 0 : sum;
}

/**
 * a / b, cut (toward zero) after `decimals` digits: for averages and ratios that are shown, never for money.
 * @throws invalidSpec when b is zero.
 */
export function divideCut(a: Decimal, b: Decimal, decimals: number): Decimal {
  const x = toExact(a);
  const y = toExact(b);
  if (y.digits === 0n) throw invalidSpec("divisor", "0", "must not be zero");
  const shift = decimals + y.scale - x.scale;
  const digits =
    shift >= 0
      ? (x.digits * 10n ** BigInt(shift)) / y.digits
      : x.digits / (y.digits * 10n ** BigInt(-shift));
  return fromExact({ digits, scale: decimals });
}

/** Negative, zero or positive, as a is smaller than, equal to or larger than b. */
export function compare(a: Decimal, b: Decimal): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [x, y] = aligned(a, b);
  return x.digits < y.digits ? -1 : x.digits > y.digits ? 1 : 0;
}

export function maxDecimal(a: Decimal, b: Decimal): Decimal {
  return compare(a, b) >= 0 ? a : b;
}

export function minDecimal(a: Decimal, b: Decimal): Decimal {
  return compare(a, b) <= 0 ? a : b;
}

export function signOf(a: Decimal): number {
  if (typeof a === "number") return Math.sign(a);
  return a.startsWith("-") ? -1 : 1;
}

/** Digits after the dot that the value needs. */
export function decimalPlaces(a: Decimal): number {
  const text = formatDecimal(a);
  const dot = text.indexOf(".");
  return dot < 0 ? 0 : text.length - dot - 1;
}

/** Significant digits of the value (protocol §11.2 limits those of a price). */
export function significantFigures(a: Decimal): number {
  const digits = formatDecimal(a).replace("-", "").replace(".", "").replace(/^0+/, "");
  return a === ZERO ? 0 : decimalPlaces(a) === 0 ? digits.replace(/0+$/, "").length : digits.length;
}

/** An exact number as digits / 10^scale. Only inside this file: bigints never leave it. */
type Exact = { readonly digits: bigint; readonly scale: number };

function toExact(value: Decimal): Exact {
  if (typeof value === "number") return { digits: BigInt(value), scale: DIGITS };
  const dot = value.indexOf(".");
  if (dot < 0) return { digits: BigInt(value), scale: 0 };
  return {
    digits: BigInt(value.slice(0, dot) + value.slice(dot + 1)),
    scale: value.length - dot - 1,
  };
}

function aligned(a: Decimal, b: Decimal): [Exact, Exact] {
  const x = toExact(a);
  const y = toExact(b);
  const scale = Math.max(x.scale, y.scale);
  return [rescaled(x, scale), rescaled(y, scale)];
}

function rescaled(value: Exact, scale: number): Exact {
  return { digits: value.digits * 10n ** BigInt(scale - value.scale), scale };
}

function fromExact({ digits, scale }: Exact): Decimal {
  let rest = digits;
  let places = scale;
  while (places > 0 && rest % 10n === 0n) {
    rest /= 10n;
    places -= 1;
  }
  if (places <= DIGITS) {
    const scaled = rest * 10n ** BigInt(DIGITS - places);
    if (scaled <= BigInt(MAX) && scaled >= -BigInt(MAX)) return made(Number(scaled));
  }
  const text = (rest < 0n ? -rest : rest).toString().padStart(places + 1, "0");
  const sign = rest < 0n ? "-" : "";
  const cut = text.length - places;
  return made(places === 0 ? `${sign}${text}` : `${sign}${text.slice(0, cut)}.${text.slice(cut)}`);
}
