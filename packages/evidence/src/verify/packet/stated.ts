import { isSeed } from "../bundle/seed-form.js";
import { isAsset, isChain, isHash } from "../chain-family/registry.js";
import { quoted } from "../encoding/quoted.js";
import type { Fail } from "../failure.js";
import { endWrong } from "../trace/end-sentences.js";
import { askedBy, endsIn } from "../trace/ends.js";
import { heightOf } from "../trace/positions.js";
import { CASE_ID } from "../trace/sentences.js";
import type { Request } from "./formats.js";

/** What stands where nobody has said anything yet: no text of a person may look like it. */
const MARK = /\[\s*to be filled in/i;
const DAY_LENGTH = 10;

/** What a request says beside its sums does not contradict itself: its seeds, what a node told, and what people said. */
export function checkStated(request: Request, where: string, fail: Fail): void {
	for (const chain of new Set([request.chain, request.case.chain]))
		if (!isChain(chain)) fail(where, `is of ${JSON.stringify(chain.slice(0, 100))}, which is no id of a chain as it is written`);
	for (const { spec } of request.seeds)
		if (!isSeed(spec, request.chain)) fail(where, `begins at ${JSON.stringify(spec.slice(0, 100))}, which is no seed`);
	for (const { spec, seeded } of request.seeds)
		for (const asset of Object.keys(seeded))
			if (!asset.startsWith(`${request.chain}/`) || !isAsset(asset))
				fail(where, `seed ${spec}: marks ${quoted(asset)}, which is no asset of ${request.chain}`);
	const asked = askedBy(request);
	for (const end of endsIn(request)) {
		const wrong = endWrong(end, asked);
		if (wrong !== undefined) fail(where, `${end.account}: ${wrong}`);
	}
	if (!CASE_ID.test(request.case.id))
		fail(where, `calls its case ${JSON.stringify(request.case.id.slice(0, 100))}, which is no id of a case`);
	checkBalancesSaid(request, where, fail);
	checkSaid(request, where, fail);
}

/** A block has one hash, an account one balance at it, and none is told of a time before the rows that brought it money. */
function checkBalancesSaid({ balances, rows, chain }: Request, where: string, fail: Fail): void {
	const hashes = new Map<string, string>();
	const amounts = new Map<string, string>();
	for (const { account, asset, amount, height, blockHash } of balances) {
		if (blockHash !== "" && !isHash(blockHash, chain))
			fail(where, `${account}: its balance is of block ${quoted(blockHash)}, which is no hash as ${chain} writes it`);
		const hash = hashes.get(height) ?? blockHash;
		if (hash !== blockHash) fail(where, `${account}: block ${height} has hash ${blockHash}, and ${hash} at another balance`);
		hashes.set(height, hash);
		const key = `${account} ${asset} ${height}`;
		if ((amounts.get(key) ?? amount) !== amount) fail(where, `${account}: has two balances of ${asset} at block ${height}`);
		amounts.set(key, amount);
		const later = rows.find((row) => row.to === account && row.asset === asset && heightOf(row.position) > Number(height));
		if (later !== undefined)
			fail(where, `${account}: its balance is of block ${height}, and row ${later.row} brought it ${asset} behind that`);
	}
}

/** Dates are days of the calendar, not before the first movement; no text looks like a place that is left empty. */
function checkSaid({ details, fields, to, rows }: Request, where: string, fail: Fail): void {
	const said = { ...prefixed("details", details), ...prefixed("fields", fields), ...prefixed("to", to) };
	for (const [name, text] of Object.entries(said)) if (MARK.test(text)) fail(where, `${name} looks like a place that is left to a person`);
	const until = fields["until"] ?? "";
	if (until === "") return;
	if (!isDay(until)) fail(where, `fields.until: ${until} is no day of the calendar`);
	const first = rows.map(({ time }) => time).find((time) => time !== "");
	if (first !== undefined && until < first.slice(0, DAY_LENGTH))
		fail(where, `fields.until: ${until} lies before the first movement, ${first}`);
}

function prefixed(prefix: string, texts: Readonly<Record<string, string | undefined>>): Record<string, string> {
	return Object.fromEntries(Object.entries(texts).map(([name, text = ""]) => [`${prefix}.${name}`, text]));
}

function isDay(text: string): boolean {
	const time = Date.parse(`${text}T00:00:00Z`);
	return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
