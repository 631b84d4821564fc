import { COUNTERS, DEFAULT_LIMITS, LIMIT_DOCS } from "@cloister/engine";
import { ASSUMPTIONS } from "@cloister/hyperliquid";
import { orderMachine } from "@cloister/machines";
import { ALARMS, ERROR_CODES } from "@cloister/model";
import { CHOICES, FAULT_PAPERS } from "@cloister/simulator";
import { describe, expect, it } from "vitest";
import { holdsPart, markdownTable } from "./papers.ts";
import { readText } from "./tree.ts";

const ENGINE = "packages/engine/README.md";

type Edge = { readonly target?: string };
type Chart = {
  readonly initial: string;
  readonly states: Readonly<
    Record<string, { readonly on: Readonly<Record<string, Edge | readonly Edge[]>> }>
  >;
};

/** The drawing of the order as a Mermaid diagram: one arrow for each pair of states, with the news that leads there. */
function orderDiagram(): string {
  const chart: Chart = JSON.parse(JSON.stringify(orderMachine.config));
  const arrows = new Map<string, string[]>();
  for (const [from, { on }] of Object.entries(chart.states)) {
    for (const [event, edges] of Object.entries(on)) {
      for (const { target } of [edges].flat()) {
        if (target === undefined) continue;
        const key = `${from} --> ${target}`;
        arrows.set(key, [...(arrows.get(key) ?? []), event]);
      }
    }
  }
  const lines = [...arrows].map(([arrow, events]) => `  ${arrow}: ${shortened(events)}`);
  return ["```mermaid", "stateDiagram-v2", `  [*] --> ${chart.initial}`, ...lines, "```"].join(
    "\n",
  );
}

function shortened(events: readonly string[]): string {
  const words = [...new Set(events.map((event) => event.replace("venue.", "")))];
  return words.length <= 3 ? words.join(", ") : `${words.slice(0, 3).join(", ")} …`;
}

describe("the papers say what the code says", () => {
  it("faults", () => {
    const rows = FAULT_PAPERS.map(({ what, parameters, happens, to, inside }) => [
      `\`${what}\`${inside ? "*" : ""}`,
      parameters,
      happens,
      to.join(", "),
    ]);
    const head = ["`what`", "parameters", "what happens", "`to` may name"];
    holdsPart("packages/simulator/README.md", "faults", markdownTable(head, rows));
  });

  it("choices", () => {
    const rows = Object.entries(CHOICES).map(([name, { section, question, words }]) => [
      `\`${name}\``,
      question,
      words.map((word) => `\`${word}\``).join(", "),
      section,
    ]);
    const head = ["rule", "question", "answers, the default first", "§"];
    holdsPart("packages/simulator/README.md", "choices", markdownTable(head, rows));
  });

  it.each(Object.entries(ASSUMPTIONS))("assumptions: %s", (chapter, assumed) => {
    const rows = assumed.map(({ id, section, says, known, code, ifWrong, knob, probe }) => [
      ...[section, `\`${id}\``, says, known, code, ifWrong, knob],
      { alone: "yes", trade: "`--trade`", no: "–" }[probe],
    ]);
    const head = [
      ...["§", "id", "assumption", "known", "code that leans on it", "if it is wrong"],
      ...["simulator's knob", "probe"],
    ];
    const file = "packages/hyperliquid/ASSUMPTIONS.md";
    holdsPart(file, chapter, markdownTable(head, rows));
  });

  it("alarms", () => {
    const rows = Object.entries(ALARMS).map(([name, text]) => [`\`${name}\``, text]);
    holdsPart(ENGINE, "alarms", markdownTable(["alarm", "what it means and what to do"], rows));
  });

  it("error codes", () => {
    const rows = Object.entries(ERROR_CODES).map(([name, text]) => [`\`${name}\``, text]);
    holdsPart(ENGINE, "errors", markdownTable(["code", "meaning"], rows));
  });

  it("limits and their defaults", () => {
    const defaults: Readonly<Record<string, number>> = DEFAULT_LIMITS;
    const rows = Object.entries(LIMIT_DOCS).map(([name, text]) => [
      `\`${name}\``,
      (defaults[name] ?? Number.NaN).toLocaleString("en-US").replaceAll(",", " "),
      text,
    ]);
    holdsPart(ENGINE, "limits", markdownTable(["limit", "default", "what it bounds"], rows));
  });

  it("counters", () => {
    const rows = Object.entries(COUNTERS).map(([name, text]) => [`\`${name}\``, text]);
    holdsPart(ENGINE, "counters", markdownTable(["counter", "what is counted"], rows));
  });

  it("the picture of an order's life", () => {
    holdsPart("README.md", "order", orderDiagram());
  });

  it("the example in the README is the one that is compiled and run", () => {
    const example = readText("test/contracts/embedding.example.ts").trim();
    expect(example.split("\n").length).toBeLessThanOrEqual(20);
    expect(readText("README.md")).toContain(`\`\`\`ts\n${example}\n\`\`\``);
  });
});
