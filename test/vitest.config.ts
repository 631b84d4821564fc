import { join } from "node:path";
import { defineConfig } from "vitest/config";

const conditions = ["@cloister/source"];

export default defineConfig({
  root: join(import.meta.dirname, ".."),
  resolve: { conditions },
  ssr: { resolve: { conditions: [...conditions, "module", "node", "development|production"] } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "machines/src/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
  },
});
