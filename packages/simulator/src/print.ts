import { type Decimal, formatDecimal } from "@cloister/model";

/** A number as the venue prints it: with at least one digit after the dot (protocol §11.1). */
export function printDecimal(value: Decimal): string {
  const text = formatDecimal(value);
  return text.includes(".") ? text : `${text}.0`;
}

/** The venue's letter of a side. */
export function sideLetter(isBuy: boolean): "B" | "A" {
  return isBuy ? "B" : "A";
}
