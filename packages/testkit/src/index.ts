export type { BookFill, BookOrder, Books, BookState } from "./audit/books.ts";
export {
  type Audit,
  compareBooks,
  type Difference,
  hasTraded,
  type Tally,
} from "./audit/compare.ts";
export {
  type CertaintyTimes,
  type DoubtRecord,
  type DoubtSummary,
  printDoubts,
  recordDoubts,
} from "./audit/doubts.ts";
export { type EngineRecord, recordEngine } from "./audit/engine-books.ts";
export { type LegRecord, ordersOfLegs } from "./audit/exchange-orders.ts";
export { printAudit } from "./audit/print.ts";
export { type AskInfo, createRestReader, type RestReader } from "./audit/rest-reader.ts";
export type { Line } from "./audit/sums.ts";
export { bookFillOf, type FillRow } from "./audit/wire-fill.ts";
export { auditRules, type Breach, type RuleAudit, type RuleTerms } from "./rules/rule-audit.ts";
