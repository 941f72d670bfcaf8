import { formatAmount, groupBy } from "@clew/core";
import { addressText, entities, handlingNote, type InterchangeInput, sharedNote, sharedRows, symbolOf, uuid5 } from "./shared.js";

/** Published extensions for addresses and transactions (github.com/muchdogesec/stix2extensions): ids, not code. */
const WALLET = "extension-definition--be78509e-6958-51b1-8b26-d17ee0eba2d7";
const TRANSACTION = "extension-definition--151d042d-4dcf-5e44-843f-1024440318e5";
const NEW_SCO = { extension_type: "new-sco" };

/**
 * The trace as a STIX 2.1 bundle: a grouping of wallets and transactions, entities as identities. STIX gives amounts as JSON numbers, which
 * cannot hold wei: a transaction names its parties there, and exact amounts stand in a note.
 */
export function stix({ info, details, result, known, note: shared, mark }: InterchangeInput): string {
	const at = `${info.createdAt.replace(/(\.\d+)?Z$/, "")}.000Z`;
	const author = identity("Clew", "system", at, "");
	const named = entities(result);
	const handling = handlingNote(details);
	const identities = new Map(
		[...new Map([...named.values()].map((one) => [one.entity, one])).values()].map((one) => [
			one.entity,
			identity(
				one.entity,
				"organization",
				at,
				`Label of source ${one.source}, confidence ${one.confidence}: a claim, not a fact of the chain.`,
			),
		]),
	);
	const rows = sharedRows(result).filter((edge) => edge.kind !== "conversion");
	const accounts = [...new Set(rows.flatMap((edge) => [edge.from, edge.to]))].filter(
		(account) => !/:(tx-[0-9a-f]{64}|null)$/.test(account),
	);
	const wallets = new Map(
		accounts.map((account) => {
			const value = addressText(account);
			const holder = identities.get(named.get(account)?.entity ?? "")?.id;
			const id = `cryptocurrency-wallet--${uuid5(JSON.stringify({ value }))}`;
			return [
				account,
				{
					type: "cryptocurrency-wallet",
					spec_version: "2.1",
					id,
					value,
					...(holder ? { holder_ref: holder } : {}),
					extensions: { [WALLET]: NEW_SCO },
				},
			];
		}),
	);
	const transactions = [...groupBy(rows, ({ txHash }) => txHash)].map(([hash, edges]) => {
		const refs = (side: "from" | "to") =>
			[...new Set(edges.map((edge) => edge[side]))].flatMap((account) =>
				wallets.has(account) ? [{ address_ref: wallets.get(account)?.id }] : [],
			);
		const [first] = edges;
		return {
			type: "cryptocurrency-transaction",
			spec_version: "2.1",
			id: `cryptocurrency-transaction--${uuid5(JSON.stringify({ value: hash }))}`,
			symbol: symbolOf(result, first?.asset ?? ""),
			value: hash,
			...(first?.time ? { execution_time: first.time } : {}),
			input: refs("from"),
			output: refs("to"),
			extensions: { [TRANSACTION]: NEW_SCO },
		};
	});
	const exact = rows.map(
		(edge) =>
			`row ${edge.row}: ${edge.txHash} ${edge.position}: ${formatAmount(BigInt(edge.amount), result.assets[edge.asset]?.decimals ?? 0)} ${symbolOf(result, edge.asset)} from ${addressText(edge.from)} to ${addressText(edge.to)}, known by ${known[edge.row - 1]?.tier ?? edge.provenance}`,
	);
	const observables = [...wallets.values(), ...transactions].map(({ id }) => id);
	const grouping = {
		type: "grouping",
		spec_version: "2.1",
		id: `grouping--${uuid5(`grouping ${result.id}`)}`,
		created_by_ref: author.id,
		created: at,
		modified: at,
		name: `Trace ${result.id} of case ${info.id}${mark}`,
		description: ["Funds followed by Clew.", handling, sharedNote({ result, note: shared })].filter((text) => text !== "").join(" "),
		context: "suspicious-activity",
		object_refs: observables.length > 0 ? observables : [author.id],
	};
	const note = {
		type: "note",
		spec_version: "2.1",
		id: `note--${uuid5(`note ${result.id}`)}`,
		created_by_ref: author.id,
		created: at,
		modified: at,
		abstract: "Exact amounts by row",
		content: exact.join("\n") || "no rows",
		object_refs: [grouping.id],
	};
	const objects = marked([author, ...identities.values(), ...wallets.values(), ...transactions, grouping, note], handling, at);
	return `${JSON.stringify({ type: "bundle", id: `bundle--${uuid5(`bundle ${result.id}`)}`, objects }, null, 1)}\n`;
}

/** The objects under a marking that says how they may be handed on (STIX 2.1, 7.2.1.3: a statement); as they are where nothing says it. */
function marked(objects: readonly object[], handling: string, at: string): readonly object[] {
	if (handling === "") return objects;
	const marking = {
		type: "marking-definition",
		spec_version: "2.1",
		id: `marking-definition--${uuid5(`marking ${handling}`)}`,
		created: at,
		definition_type: "statement",
		definition: { statement: handling },
	};
	return [marking, ...objects.map((one) => ({ ...one, object_marking_refs: [marking.id] }))];
}

function identity(name: string, identityClass: string, at: string, description: string) {
	return {
		type: "identity",
		spec_version: "2.1",
		id: `identity--${uuid5(`identity ${name}`)}`,
		created: at,
		modified: at,
		name,
		identity_class: identityClass,
		...(description === "" ? {} : { description }),
	};
}
