import { defangLong, formatAmount } from "@clew/core";
import type { CaseDetails } from "../bundle/details.js";
import { addressText, handlingNote, type InterchangeInput, sharedNote, sharedRows, symbolOf, xml } from "./shared.js";

/**
 * A draft in the structure of goAML's report (UNODC): the reporting entity, its person and codes are blanks that only the reporting person
 * may fill, since every financial intelligence unit configures them. Amounts are decimal text. A draft does not validate against a unit's
 * schema before its blanks are filled.
 */
export function goaml({ info, details, result, known, note, mark }: InterchangeInput): string {
	const tag = (name: string, value: string) => `<${name}>${xml(value)}</${name}>`;
	const blank = (name: string, what: string) => `<${name}><!-- to be filled in by the reporting person: ${what} --></${name}>`;
	const transactions = sharedRows(result)
		.filter((edge) => edge.kind !== "conversion")
		.map((edge) =>
			[
				"<transaction>",
				tag("transactionnumber", `${result.id}-${edge.row}`),
				tag("internal_ref_number", edge.txHash),
				tag(
					"transaction_description",
					`row ${edge.row}, ${edge.kind}, block position ${edge.position}, ${edge.asset}, known by ${known[edge.row - 1]?.tier ?? edge.provenance}`,
				),
				edge.time === "" ? blank("date_transaction", "the time is not known") : tag("date_transaction", edge.time.replace(/Z$/, "")),
				blank("amount_local", "value in local currency at that time"),
				`<t_from><from_foreign_currency>${tag("foreign_currency_code", symbolOf(result, edge.asset))}${tag("foreign_amount", formatAmount(BigInt(edge.amount), result.assets[edge.asset]?.decimals ?? 0))}</from_foreign_currency><from_account>${tag("account", addressText(edge.from))}</from_account></t_from>`,
				`<t_to><to_account>${tag("account", addressText(edge.to))}</to_account></t_to>`,
				"</transaction>",
			].join(""),
		);
	return [
		'<?xml version="1.0" encoding="UTF-8"?>',
		"<!-- draft: not filed, not complete -->",
		"<report>",
		blank("rentity_id", "id of the reporting entity at the financial intelligence unit"),
		tag("submission_code", "E"),
		blank("report_code", "kind of report, for example STR"),
		tag("entity_reference", `${info.id} ${result.id}`),
		tag("submission_date", info.createdAt.replace(/Z$/, "")),
		blank("currency_code_local", "local currency"),
		blank("reporting_person", "name and role"),
		tag(
			"reason",
			[`Funds traced in case ${info.id}${mark}.`, statedOf(details), sharedNote({ result, note })].filter((text) => text !== "").join(" "),
		),
		...transactions,
		"</report>",
		"",
	].join("\n");
}

/** Who asked, on what basis and where, and how it may be handed on: goAML has no fields for these but the reason. */
function statedOf(details: CaseDetails): string {
	const { requester, legalBasis, jurisdiction } = details;
	const stated = [
		["Requested by", requester],
		["Legal basis", legalBasis],
		["Jurisdiction", jurisdiction],
	].flatMap(([name, text = ""]) => (text === "" ? [] : [`${name}: ${defangLong(text)}.`]));
	return [...stated, handlingNote(details)].filter((text) => text !== "").join(" ");
}
