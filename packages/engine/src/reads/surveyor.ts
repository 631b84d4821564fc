import type { Certificate } from "@cloister/model";
import { Survey, type SurveyPorts, type SurveyTerms } from "./survey.ts";

/** Makes surveys and numbers them. A window that stays cut is alarmed once, and so is a venue that cannot be read. */
export class Surveyor {
  readonly #ports: SurveyPorts;
  #lastId = 0;
  #cutMs: number | undefined;
  /** Monotonic ms since when no survey went without a failed read. */
  #failingSinceMs: number | undefined;
  #isToldFailing = false;

  constructor(ports: Omit<SurveyPorts, "cut">) {
    this.#ports = { ...ports, cut: (fromMs, why) => this.#cut(fromMs, why) };
  }

  begin(terms: Omit<SurveyTerms, "id">): Survey {
    this.#lastId += 1;
    const done = (survey: Survey): void => {
      this.#ended(survey);
      terms.done(survey);
    };
    const survey = new Survey(this.#ports, { ...terms, id: this.#lastId, done });
    survey.begin();
    return survey;
  }

  /** Says in the tick what a survey was worth. */
  publish(certificate: Certificate): void {
    this.#ports.turn().certificates.push(certificate);
  }

  #ended({ notes, begunAt }: Survey): void {
    if (!notes.hasFailed) {
      this.#failingSinceMs = undefined;
      this.#isToldFailing = false;
      return;
    }
    this.#failingSinceMs ??= begunAt;
    const { clock, limits, turn } = this.#ports;
    const failingMs = clock.monotonicMs() - this.#failingSinceMs;
    if (this.#isToldFailing || failingMs < limits.doubtMs) return;
    this.#isToldFailing = true;
    turn().alarm("readsFailing", `for ${Math.floor(failingMs / 1_000)} s: ${notes.failure}`);
  }

  #cut(fromMs: number, why: string): void {
    if (this.#cutMs === fromMs) return;
    this.#cutMs = fromMs;
    this.#ports.turn().alarm("fillsTruncated", `from ${fromMs}: ${why}`);
  }
}
