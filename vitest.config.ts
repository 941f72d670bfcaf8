import { defineConfig } from "vitest/config";

export default defineConfig({
	logLevel: "error",
	resolve: { conditions: ["source"] },
	ssr: { resolve: { conditions: ["source"] } },
	test: {
		include: ["packages/*/src/**/*.test.ts", "tests/**/*.test.ts", "scripts/**/*.test.ts"],
		globalSetup: "scripts/before-tests.mjs",
		// Guards against a hang, never a measure: a busy machine may take its time.
		testTimeout: 600_000,
		hookTimeout: 600_000,
		// Two cores: more workers only wait for each other.
		maxWorkers: 2,
		// These name sources of their own by our condition, too, and no loader but Vite's reads them.
		server: { deps: { inline: ["@modelcontextprotocol/sdk", "eventsource", "eventsource-parser"] } },
	},
});
