import { defineConfig } from "vitest/config";

export default defineConfig({
	resolve: { conditions: ["source"] },
	ssr: { resolve: { conditions: ["source"] } },
	test: {
		include: ["packages/*/src/**/*.test.ts", "tests/**/*.test.ts", "scripts/**/*.test.ts"],
		testTimeout: 60_000,
		hookTimeout: 120_000,
		// Two cores: more workers only wait for each other.
		maxWorkers: 2,
	},
});
