import { caseUco } from "./case-uco.js";
import { goaml } from "./goaml.js";
import { gexf, graphml } from "./graph.js";
import { misp } from "./misp.js";
import type { InterchangeInput } from "./shared.js";
import { stix } from "./stix.js";

/** The trace in the formats that other tools read, by file name. */
export function interchangeFiles(input: InterchangeInput): Map<string, string> {
	return new Map([
		["stix.json", stix(input)],
		["misp.json", misp(input)],
		["case-uco.jsonld", caseUco(input)],
		["graph.gexf", gexf(input)],
		["graph.graphml", graphml(input)],
		["goaml-draft.xml", goaml(input)],
	]);
}
