/// <reference lib="dom" />
import type { TraceResult } from "@clew/core";
import { readShared, SHARED_ROWS, SHARED_SEALED, type VerifyReport, verifyFiles } from "@clew/evidence";
import { answerBy } from "../page/ask.js";
import { html, part } from "../page/dom.js";
import { explore } from "../page/explore.js";
import { localAnswers } from "./local-answers.js";
import { sayFailed, saySeal } from "./seal.js";

/** A page that was shared: checks its own rows first, says what came of it, and draws those that hold. */
async function start(): Promise<void> {
	const block = (id: string) => {
		// What somebody put beside it would be read by one program, and the other by another.
		if (document.querySelectorAll(`#${id}`).length > 1) throw new TypeError(`it has the data called ${id} twice`);
		return part(id).textContent ?? "";
	};
	try {
		const { files, frame, isWhole } = await readShared({ rows: block(SHARED_ROWS), sealed: block(SHARED_SEALED) });
		const report = await verifyFiles(files, { headers: [], keys: [], timeRoots: [] });
		const text = (name: string) => new TextDecoder().decode(files.get(name));
		saySeal(report, { isWhole, manifest: JSON.parse(text("manifest.json")) });
		const { rows } = JSON.parse(text("disclosure.json")) as { rows: readonly { row: { edge: TraceResult["edges"][number] } }[] };
		const bad = failing(report);
		const edges = rows.flatMap(({ row }, i) => (bad.has(i) ? [] : [row.edge]));
		answerBy(localAnswers({ ...frame, edges } as unknown as TraceResult));
	} catch (error) {
		sayFailed([error instanceof Error ? error.message : String(error)]);
		for (const id of ["controls", "stage", "panel", "unknown"]) part(id).hidden = true;
		part("about").replaceChildren(html("span", {}, "Nothing of it is shown."));
		return;
	}
	await explore();
}

/** Places of the rows that do not hold. */
function failing({ rows }: VerifyReport): ReadonlySet<number> {
	return new Set(rows.flatMap(({ tier }, i) => (tier === "failed" ? [i] : [])));
}

await start();
