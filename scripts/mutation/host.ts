// A process that holds one vitest and runs test files against overlaid sources; its parent ends it when a mutant hangs.
import { join, relative } from "node:path";
import { createVitest, type Vitest } from "vitest/node";
import { layForBuild, type Overlay } from "./overlay.js";

/** What is asked: texts that stand in for sources, and the tests to run in this order until one fails. */
export interface Order {
	/** As it lies when left out. */
	readonly overlay?: readonly (readonly [file: string, text: string])[];
	readonly tests: readonly string[];
	/** Go on after a failure. */
	readonly all: boolean;
}

/** What is told after each test file, and at the end of an order. */
export type Told =
	| { readonly kind: "ready" }
	| { readonly kind: "ran"; readonly test: string; readonly passed: boolean; readonly milliseconds: number }
	| { readonly kind: "done" };

const root = process.cwd();
const folder = process.env["CLEW_OVERLAY"] ?? "";
let overlay: Overlay = new Map();
const tell = (told: Told) => process.send?.(told);

const plugin = {
	name: "clew-overlay",
	enforce: "pre" as const,
	transform: (_code: string, id: string) => overlay.get(relative(root, id)),
};

async function passes(vitest: Vitest, test: string): Promise<boolean> {
	const path = join(root, test);
	const { testModules, unhandledErrors } = await vitest.runTestSpecifications(await vitest.globTestSpecifications([path]));
	// What vitest gives back are the modules of every run so far.
	const own = testModules.filter(({ moduleId }) => moduleId === path);
	return unhandledErrors.length === 0 && own.length > 0 && own.every((module) => module.ok());
}

function lay(vitest: Vitest, next: Overlay): void {
	const files = [...overlay.keys(), ...next.keys()];
	overlay = next;
	layForBuild(overlay, folder);
	for (const file of files) vitest.invalidateFile(join(root, file));
}

async function obey(vitest: Vitest, order: Order): Promise<void> {
	if (order.overlay) lay(vitest, new Map(order.overlay));
	for (const test of order.tests) {
		const start = performance.now();
		const passed = await passes(vitest, test);
		tell({ kind: "ran", test, passed, milliseconds: Math.round(performance.now() - start) });
		if (!passed && !order.all) break;
	}
	tell({ kind: "done" });
}

const setupFiles = process.env["CLEW_REACH"] ? [join(root, "scripts/mutation/note-reach.ts")] : [];
const vitest = await createVitest(
	"test",
	{ watch: false, bail: 1, maxWorkers: 1, reporters: [{}], setupFiles, testTimeout: 600_000 },
	{ plugins: [plugin] },
);
process.on("message", (order: Order) => {
	void obey(vitest, order).catch((error: unknown) => {
		console.error(error);
		process.exit(1);
	});
});
process.on("disconnect", () => process.exit(0));
tell({ kind: "ready" });
