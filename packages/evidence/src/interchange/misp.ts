import { agreeing, type ChainId, computed, familyOf, formatAmount } from "@clew/core";
import { addressText, entities, handlingNote, type InterchangeInput, sharedNote, symbolOf, uuid5 } from "./shared.js";

/** MISP's template for an address (github.com/MISP/misp-objects, objects/coin-address). */
const TEMPLATE = {
	name: "coin-address",
	"meta-category": "financial",
	template_uuid: "d0e6997e-78da-4815-a6a1-cfc1c1cb8a46",
	template_version: "7",
};
/** Marks of the Traffic Light Protocol (FIRST, versions 1 and 2), which MISP's taxonomy has as tags. */
const TLP = /^TLP:(RED|AMBER\+STRICT|AMBER|GREEN|CLEAR|WHITE)$/i;
const MAX_OBJECTS = 2_000;

/** End points as a MISP event with one coin-address object each (MISP core format). Not for intrusion detection: `to_ids` is off. */
export function misp({ info, details, result, note, mark }: InterchangeInput): string {
	const date = info.createdAt.slice(0, 10);
	const timestamp = Math.floor(Date.parse(info.createdAt) / 1000).toString();
	const handling = handlingNote(details);
	const tlp = TLP.exec(details.handling)?.[0].toLowerCase();
	const comment = (value: string) => ({
		uuid: uuid5(`misp ${result.id} handling`),
		type: "comment",
		category: "Other",
		value,
		to_ids: false,
		distribution: "5",
		disable_correlation: true,
		timestamp,
	});
	const named = entities(result);
	const shown = computed(result);
	const type = familyOf(result.chain as ChainId).mispType;
	const objects = result.leaves.slice(0, MAX_OBJECTS).flatMap((leaf, i) =>
		Object.keys(leaf.amounts).map((asset) => {
			const decimals = result.assets[asset]?.decimals ?? 0;
			const attribute = (relation: string, kind: string, value: string) => ({
				uuid: uuid5(`misp ${result.id} ${i} ${relation}`),
				object_relation: relation,
				type: kind,
				category: kind === "btc" ? "Financial fraud" : "Other",
				value,
				to_ids: false,
				distribution: "5",
				disable_correlation: relation !== "address" && relation !== "address-crypto",
				timestamp,
			});
			const entity = named.get(leaf.account)?.entity;
			return {
				...TEMPLATE,
				description: "An address where traced funds ended",
				uuid: uuid5(`misp ${result.id} ${i}`),
				timestamp,
				distribution: "5",
				Attribute: [
					type === "btc"
						? attribute("address", "btc", addressText(leaf.account))
						: attribute("address-crypto", "text", addressText(leaf.account)),
					attribute("symbol", "text", symbolOf(result, asset)),
					attribute(
						"text",
						"text",
						`${leaf.stop.reason}${entity === undefined ? "" : ` at ${entity} (a label)`}; agreed by ${agreeing(result) ?? "no rule"} ${shown(formatAmount(BigInt(leaf.agreed), decimals))}, at most ${shown(formatAmount(BigInt(leaf.range[1]), decimals))}; ${leaf.account}`,
					),
				],
			};
		}),
	);
	const Event = {
		uuid: uuid5(`misp ${result.id}`),
		info: `Funds traced by Clew: case ${info.id}, trace ${result.id}${mark}${sharedNote({ result, note }).replace(/^(?=.)/, ". ")}`,
		date,
		timestamp,
		threat_level_id: "4",
		analysis: "2",
		distribution: "0",
		published: false,
		Orgc: { name: "Clew", uuid: uuid5("misp organisation Clew") },
		...(tlp === undefined ? {} : { Tag: [{ name: tlp }] }),
		Attribute: handling === "" ? [] : [comment(handling)],
		Object: objects,
	};
	return `${JSON.stringify({ Event }, null, 1)}\n`;
}
