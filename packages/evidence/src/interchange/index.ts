import { countedOf, goesForward, whatIfOf } from "@clew/core";
import { caseUco } from "./case-uco.js";
import { goaml } from "./goaml.js";
import { gexf, graphml } from "./graph.js";
import { misp } from "./misp.js";
import type { InterchangeInput } from "./shared.js";
import { stix } from "./stix.js";

/**
 * The trace in the formats that other tools read, by file name. What is not counted as money is said and left out: these formats have no
 * place for doubt.
 */
export function interchangeFiles(whole: Omit<InterchangeInput, "note" | "mark">): Map<string, string> {
	const { counted, others } = countedOf(whole.result);
	const whatIf = whatIfOf(whole.result);
	const notes = [
		...(goesForward(whole.result) ? [] : ["Backward: it says where money came from; end points are sources."]),
		...(whatIf === undefined ? [] : [`What-if, not the usual trace of all of it: ${whatIf}.`]),
		...(others === undefined ? [] : [`Left out here, in trace.json: ${others}.`]),
	];
	const input: InterchangeInput = { ...whole, result: counted, note: notes.join(" "), mark: whatIf === undefined ? "" : " (what-if)" };
	return new Map([
		["stix.json", stix(input)],
		["misp.json", misp(input)],
		["case-uco.jsonld", caseUco(input)],
		["graph.gexf", gexf(input)],
		["graph.graphml", graphml(input)],
		["goaml-draft.xml", goaml(input)],
	]);
}
