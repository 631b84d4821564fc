import type { Certificate } from "@cloister/model";
import { Survey, type SurveyPorts, type SurveyTerms } from "./survey.ts";

/** Makes surveys and numbers them. A window that stays cut is alarmed once. */
export class Surveyor {
  readonly #ports: SurveyPorts;
  #lastId = 0;
  #cutMs: number | undefined;

  constructor(ports: Omit<SurveyPorts, "cut">) {
    this.#ports = { ...ports, cut: (fromMs, why) => this.#cut(fromMs, why) };
  }

  begin(terms: Omit<SurveyTerms, "id">): Survey {
    this.#lastId += 1;
    const survey = new Survey(this.#ports, { ...terms, id: this.#lastId });
    survey.begin();
    return survey;
  }

  /** Says in the tick what a survey was worth. */
  publish(certificate: Certificate): void {
    this.#ports.turn().certificates.push(certificate);
  }

  #cut(fromMs: number, why: string): void {
    if (this.#cutMs === fromMs) return;
    this.#cutMs = fromMs;
    this.#ports.turn().alarm("fillsTruncated", `from ${fromMs}: ${why}`);
  }
}
