import type {
  AskedReads,
  Certificate,
  Cloid,
  FillWindow,
  SurveyCause,
  Unresolved,
} from "@cloister/model";
import type { ReadOutcome } from "./reads.ts";

type Kind = AskedReads["query"];
type FillsReport = Extract<
  Extract<ReadOutcome, { readonly kind: "answered" }>["report"],
  { readonly kind: "fills" }
>;

/** Named in a certificate; beyond, only counted. */
const NAMED_MAX = 100;
const KINDS: readonly Kind[] = ["openOrders", "orderStatus", "positions", "fills"];

/** What a look at the venue came to, as it goes on. */
export class SurveyNotes {
  readonly #counts = new Map<Kind, { asked: number; answered: number; failed: number }>();
  readonly #windows: FillWindow[] = [];
  readonly #unresolved: Unresolved[] = [];
  readonly #adopted: Cloid[] = [];
  #unresolvedCount = 0;
  #legs = 0;
  #fills = 0;
  #strangers = 0;
  #missing = 0;
  #isAbandoned = false;

  /** Whether a read failed: then what was not answered says nothing. */
  get hasFailed(): boolean {
    return [...this.#counts.values()].some(({ failed }) => failed > 0);
  }

  /** The first read that failed, in words. */
  get failure(): string {
    const first = this.#unresolved.find(({ kind }) => kind === "read");
    return first?.kind === "read" ? `${first.query}: ${first.why}` : "";
  }

  get isComplete(): boolean {
    return !this.hasFailed && !this.#isAbandoned && this.#windows.every(({ complete }) => complete);
  }

  asks(query: Kind): void {
    this.#count(query).asked += 1;
  }

  answered(query: Kind): void {
    this.#count(query).answered += 1;
  }

  failed(query: Kind, why: string): void {
    this.#count(query).failed += 1;
    this.leaves({ kind: "read", query, why });
  }

  window(report: FillsReport, { fromMs, untilMs }: { fromMs: number; untilMs: number }): void {
    const { fills, complete, pages, cut } = report;
    this.#windows.push({
      ...{ fromMs, untilMs, rows: fills.length, complete },
      ...(pages === undefined ? {} : { pages }),
      ...(cut === undefined ? {} : { why: cut.why }),
    });
    if (complete) return;
    const why = cut?.why ?? "the list of fills is longer than the venue tells";
    this.leaves({ kind: "fills", fromMs: cut?.fromMs ?? fromMs, why });
  }

  found(news: { legs?: number; fills?: number; strangers?: number; missing?: number }): void {
    this.#legs += news.legs ?? 0;
    this.#fills += news.fills ?? 0;
    this.#strangers += news.strangers ?? 0;
    this.#missing += news.missing ?? 0;
  }

  abandoned(why: string): void {
    this.#isAbandoned = true;
    this.leaves({ kind: "abandoned", why });
  }

  adopted(cloid: Cloid): void {
    if (this.#adopted.length < NAMED_MAX) this.#adopted.push(cloid);
  }

  leaves(unresolved: Unresolved): void {
    this.#unresolvedCount += 1;
    if (this.#unresolved.length < NAMED_MAX) this.#unresolved.push(unresolved);
  }

  certificate(about: {
    readonly id: number;
    readonly cause: SurveyCause;
    readonly begunAtMs: number;
    readonly endedAtMs: number;
    readonly buffered: number;
  }): Certificate {
    const asked = KINDS.flatMap((query) => {
      const counts = this.#counts.get(query);
      return counts === undefined ? [] : [{ query, ...counts }];
    });
    const { id, cause, begunAtMs, endedAtMs, buffered } = about;
    return {
      ...{ id, cause, begunAtMs, endedAtMs, buffered },
      ...{ complete: this.isComplete, asked, windows: this.#windows },
      found: {
        ...{ legs: this.#legs, fills: this.#fills, adopted: this.#adopted },
        ...{ strangers: this.#strangers, missing: this.#missing },
      },
      ...{ unresolved: this.#unresolved, unresolvedCount: this.#unresolvedCount },
    };
  }

  #count(query: Kind): { asked: number; answered: number; failed: number } {
    const known = this.#counts.get(query);
    if (known !== undefined) return known;
    const fresh = { asked: 0, answered: 0, failed: 0 };
    this.#counts.set(query, fresh);
    return fresh;
  }
}
