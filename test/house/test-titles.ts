import { filesUnder, readText } from "./tree.ts";

export type TestTitle = { readonly file: string; readonly title: string };

const TESTS = /\.(test|fixture)\.ts$/;
const SCRIPTS = ".scenario.yaml";
/** A text that names a situation: a test's title, or a story's name in a table of stories. */
const NAMED = /(["'`])((?:(?!\1)[^\n\\]|\\.)*\bsituations? \d(?:(?!\1)[^\n\\]|\\.)*)\1/gi;

/** Every text in the tests that names a situation. */
export function testTitles(): readonly TestTitle[] {
  const files = ["packages", "machines", "test"].flatMap(filesUnder);
  return files
    .filter(
      (file) =>
        (TESTS.test(file) || file.endsWith(SCRIPTS)) && !file.endsWith("/situations.test.ts"),
    )
    .flatMap((file) =>
      [...readText(file).matchAll(NAMED)].map((match) => ({
        file,
        title: (match[2] ?? "").toLowerCase(),
      })),
    );
}
