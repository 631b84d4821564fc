import { expect, it } from "vitest";
import { textsIn } from "./source-text.ts";
import { filesUnder, readText } from "./tree.ts";

const ROOM = "packages/simulator/src";
const FILES = filesUnder(ROOM).filter((file) => file.endsWith(".ts"));
const isTest = (file: string): boolean => /\.(test|stories|fixture)\.ts$/.test(file);

/** Folders whose texts nobody is answered with: descriptions of choices and faults, the control port, signing. */
const UNSAID = [
  "choices/",
  "faults/",
  "proxy/",
  "doors/serve-control.ts",
  "doors/script-market.ts",
];
const UNSAID_TEXT = /^(EIP712Domain|Agent)\(|^HyperliquidTransaction:/;

/** A sentence: it begins with a capital, and has three words at least. */
const SENTENCE = /^[A-Z][\w-]* \S+ \S/;

const said = FILES.filter((file) => !isTest(file))
  .filter((file) => !UNSAID.some((folder) => file.startsWith(`${ROOM}/${folder}`)))
  .flatMap((file) => textsIn(readText(file)))
  .filter((text) => SENTENCE.test(text) && !UNSAID_TEXT.test(text));

/** The longest part of a text that is the same every time. */
function constantOf(text: string): string {
  const parts = text.split(/\$\{[^}]*\}/);
  return parts
    .reduce((longest, part) => (part.length > longest.length ? part : longest), "")
    .trim();
}

it("every sentence the exchange says is heard in a test", () => {
  const tests = [...FILES, ...filesUnder("test/contracts")].filter(
    (file) => isTest(file) && file.endsWith(".ts"),
  );
  const heard = tests.flatMap((file) => textsIn(readText(file))).join("\n");
  expect(said.length).toBeGreaterThan(50);
  expect(said.map(constantOf).filter((text) => !heard.includes(text))).toEqual([]);
});
