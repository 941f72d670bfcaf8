import type { Fail } from "../failure.js";
import type { Manifest, Trace } from "./formats.js";

/** What a person stated of a case is about this trace: its exhibit under a rule that it ran, statements about seeds that it has, values of assets that it has. */
export function checkDetails(
	{ details: { exhibitRule, statements, values } }: Manifest,
	{ rules, seeds, assets }: Trace,
	fail: Fail,
): void {
	if (exhibitRule !== undefined && !rules.includes(exhibitRule))
		fail("manifest.json", `its exhibit is under ${JSON.stringify(exhibitRule)}, a rule that the trace did not run`);
	for (const seed of Object.keys(statements ?? {}))
		if (!seeds.some(({ spec }) => spec === seed))
			fail("manifest.json", `references a statement about ${JSON.stringify(seed)}, no seed of the trace`);
	for (const asset of Object.keys(values ?? {}))
		if (!Object.hasOwn(assets, asset)) fail("manifest.json", `states a value of ${JSON.stringify(asset)}, no asset of the trace`);
}
