import { type AccountId, addressOf, type Detection, groupBy, instantOf } from "@clew/core";
import { DEFAULT_DETECTION_PARAMETERS } from "@clew/tracer";
import { Command } from "@commander-js/extra-typings";
import { positive } from "../arguments.js";
import { CASE_OPTION, CHAIN_OPTION, withChain } from "../case-file.js";
import type { Context } from "../context.js";
import { detectIn, keepDetections } from "../detect-into.js";
import { mustHoldData } from "../empty.js";
import { json, showAccount, showEntityAt } from "../output.js";
import { printTable } from "../table.js";

/** `clew detect`: what accounts are, by how they behave. */
export function detectCommand(context: Context) {
	return new Command("detect")
		.description(
			"services, deposit addresses, mixers, bridges, pools, address poisoning, drainers, airdrops and sweepers of delegated accounts by behaviour: each with reasons, parameters, source and rows; traces stop at services, mixers, bridges and pools",
		)
		.option(...CASE_OPTION)
		.option(...CHAIN_OPTION)
		.option("--top <n>", "rows of the table for each kind", positive, 20)
		.option("--json", "everything, as one JSON object (schema clew.detections/1)", false)
		.action((options) =>
			withChain(options, async (store) => {
				const { chain } = store.info;
				await mustHoldData(store);
				const detected = await detectIn(context, store);
				await keepDetections(context, store, detected);
				const { detections } = detected;
				if (options.json)
					return context.print(json({ schema: "clew.detections/1", chain, parameters: DEFAULT_DETECTION_PARAMETERS, detections }));
				if (detections.length === 0) return context.print("nothing stood out; that says little where histories are not in the case");
				for (const [kind, own] of groupBy(detections, (detection) => detection.kind)) {
					const sorted = [...own].sort((a, b) => b.score - a.score);
					context.print(
						context.colours.bold(
							`${kind}: ${own.length}${own[0]?.tier === "lead" ? " (leads: they direct a search and prove nothing)" : ""}`,
						),
					);
					const rows = await Promise.all(
						sorted.slice(0, options.top).map(async (d) => row(d, await entity(d.account), d.counterpart && (await entity(d.counterpart)))),
					);
					printTable(
						context,
						[
							{ title: "account" },
							{ title: "score", right: true },
							{ title: "with" },
							{ title: "label" },
							{ title: "why", optional: true },
						],
						rows,
					);
					if (own.length > options.top) context.note(`... and ${own.length - options.top} more (--top, --json)`);
				}
				async function entity(account: AccountId): Promise<string> {
					return showEntityAt(await store.labelsOf(account), instantOf(context.now()));
				}
			}),
		);
}

function row({ account, score, counterpart, reasons }: Detection, label: string, other: string | undefined): string[] {
	const both = [label, other ?? ""].filter((text) => text !== "").join(" / ");
	return [showAccount(account), String(score), counterpart ? addressOf(counterpart) : "", both, reasons.join("; ")];
}
