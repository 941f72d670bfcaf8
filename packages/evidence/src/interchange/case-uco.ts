import { addressText, handlingNote, type InterchangeInput, sharedNote, sharedRows, uuid5 } from "./shared.js";

/** Vocabularies of CASE 1.3 and UCO 1.3 (caseontology.org, unifiedcyberontology.org). */
const CONTEXT = {
	kb: "urn:clew:",
	case: "https://ontology.caseontology.org/case/investigation/",
	core: "https://ontology.unifiedcyberontology.org/uco/core/",
	marking: "https://ontology.unifiedcyberontology.org/uco/marking/",
	observable: "https://ontology.unifiedcyberontology.org/uco/observable/",
	xsd: "http://www.w3.org/2001/XMLSchema#",
};

/** The trace as CASE/UCO in JSON-LD: an investigation of accounts and the relationships between them, each a row. */
export function caseUco({ info, details, result, known, note, mark }: InterchangeInput): string {
	const rows = sharedRows(result);
	const node = (account: string) => `kb:${uuid5(`account ${account}`)}`;
	const accounts = [...new Set(rows.flatMap((edge) => [edge.from, edge.to]))].map((account) => ({
		"@id": node(account),
		"@type": "observable:ObservableObject",
		"core:hasFacet": [
			{
				"@id": `kb:${uuid5(`facet ${account}`)}`,
				"@type": ["observable:AccountFacet", "observable:DigitalAccountFacet"],
				"observable:accountIdentifier": addressText(account),
				"observable:accountType": "cryptocurrency address",
			},
		],
	}));
	const transfers = rows.map((edge) => ({
		"@id": `kb:${uuid5(`row ${result.id} ${edge.row}`)}`,
		"@type": "observable:ObservableRelationship",
		"core:source": { "@id": node(edge.from) },
		"core:target": { "@id": node(edge.to) },
		"core:kindOfRelationship": "Transferred_To",
		"core:isDirectional": { "@type": "xsd:boolean", "@value": "true" },
		"core:description": `row ${edge.row}: ${edge.amount} base units of ${edge.asset} in transaction ${edge.txHash}, position ${edge.position}, known by ${known[edge.row - 1]?.tier ?? edge.provenance}`,
		...(edge.time === "" ? {} : { "core:startTime": { "@type": "xsd:dateTime", "@value": edge.time } }),
	}));
	const handling = handlingNote(details);
	const marking = `kb:${uuid5(`marking ${handling}`)}`;
	const markings =
		handling === ""
			? []
			: [
					{
						"@id": marking,
						"@type": "marking:MarkingDefinition",
						"marking:definitionType": "statement",
						"marking:definition": {
							"@id": `kb:${uuid5(`statement ${handling}`)}`,
							"@type": "marking:StatementMarking",
							"marking:definitionType": "statement",
							"marking:statement": handling,
						},
					},
				];
	const investigation = {
		"@id": `kb:${uuid5(`case ${info.id}`)}`,
		"@type": "case:Investigation",
		"core:name": `Case ${info.id}${mark}`,
		"core:description": `Trace ${result.id}. ${sharedNote({ result, note })}`.trim(),
		...(handling === "" ? {} : { "core:objectMarking": { "@id": marking } }),
		"core:object": [...accounts, ...transfers].map((one) => ({ "@id": one["@id"] })),
	};
	return `${JSON.stringify({ "@context": CONTEXT, "@graph": [investigation, ...markings, ...accounts, ...transfers] }, null, 1)}\n`;
}
