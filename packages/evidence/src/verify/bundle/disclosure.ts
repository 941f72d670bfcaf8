import { isChain } from "../chain-family/registry.js";
import { bytesOf, fromHex, toHex } from "../encoding/bytes.js";
import { canonical } from "../encoding/canonical.js";
import { leafHash, rootByPath } from "../encoding/merkle.js";
import { type Fail, type Failures, Refusal } from "../failure.js";
import { anchor, provenBlocks, RowChecker } from "../proofs/proofs.js";
import { checkTaint, isKindOf } from "../trace/arithmetic.js";
import { rangeOf, rulesRange } from "../trace/bounds.js";
import { rowsInWords, unknownChain } from "../trace/makers-word.js";
import { checkMovements } from "../trace/movements.js";
import { comparePosition } from "../trace/positions.js";
import { statesEach } from "../trace/rules.js";
import { isSourceOf } from "../trace/source-form.js";
import { checkTimes } from "../trace/times.js";
import { rulesBy } from "../trace/what-if.js";
import { checkCreated } from "./custody.js";
import { checkValues, detailsInWords } from "./details.js";
import { checkListing, type Files, readJson, sha256Hex } from "./files.js";
import { type Disclosure, disclosureShape, type Edge, type Manifest } from "./formats.js";
import { WHICH_SOURCE } from "./inputs.js";
import { blockHashes } from "./row-blocks.js";
import { type CheckedRows, reportRow, type Trust } from "./rows.js";
import { isSeed } from "./seed-form.js";

const HEADERS = "headers.txt";
/** What stands beside the rows; the trace itself only where every row is shown, as its hash then tells. */
const BESIDE = ["manifest.json", "manifest.dsse.json", "manifest.tsr", "disclosure.json", "trace.json", HEADERS];
const ALLOWED = new Set([...BESIDE, "verify.mjs", "verify.html"]);
const ROWS = "rows.jsonl";

/**
 * Some rows of a bundle, each with its way to the root that the original manifest states. That a row's taint is what the rules give is
 * nothing that some rows show; it is looked at whether it can be.
 */
export function checkDisclosure(files: Files, manifest: Manifest, trust: Trust, failures: Failures): CheckedRows {
	const fail = failures.of("disclosure");
	const notFile = failures.of("files");
	for (const name of files.keys()) if (!ALLOWED.has(name)) notFile(name, "does not belong in a disclosure");
	checkListing(manifest, notFile);
	for (const { path, sha256 } of manifest.files) {
		const data = files.get(path);
		if (data !== undefined && sha256Hex(data) !== sha256) notFile(path, "does not hash to what the manifest says");
	}
	if (files.has(HEADERS) && !manifest.files.some(({ path }) => path === HEADERS)) notFile(HEADERS, "is not what the manifest lists");
	const disclosure = readJson<Disclosure>(files, "disclosure.json", disclosureShape, failures.of("form"));
	if (disclosure === undefined) return { rows: [], blocks: new Map() };
	const { chain } = manifest.case;
	if (!isChain(chain)) fail("manifest.json", `is of ${JSON.stringify(chain.slice(0, 100))}, which is no id of a chain as it is written`);
	const proofs = disclosure.proofs.map((proof, i) => ({ proof, where: `disclosure.json proof ${i + 1}` }));
	const blocks = provenBlocks(proofs, chain, failures.of("proof"));
	const anchored = anchor(files, blocks, trust.headers, chain, failures.of("header"));
	const checker = new RowChecker(blocks);
	const checkBlock = blockHashes(blocks.values(), chain, trust.headers);
	let last = -1;
	const rows = disclosure.rows.map(({ index, row, path }, i) => {
		try {
			if (index <= last) throw new Refusal("rows are not in order");
			last = index;
			if (row.edge.row !== index + 1) throw new Refusal(`is numbered ${row.edge.row}`);
			const root = rootByPath(leafHash(bytesOf(canonical(row))), index, Number(manifest.rows.count), path.map(fromHex));
			if (toHex(root) !== manifest.rows.root) throw new Refusal("does not lead to the manifest's Merkle root");
			checkBlock(row);
			return reportRow(row, checker.check(row), blocks, anchored);
		} catch (error) {
			fail(`disclosure.json row ${i + 1}`, (error as Error).message);
			return { row: row.edge.row, tier: "failed", checked: (error as Error).message, anchor: "" };
		}
	});
	const edges = disclosure.rows.map(({ row }) => row.edge);
	checkStatements(manifest, failures.of("statement"));
	checkValues(manifest, failures.of("statement"));
	checkCreated(manifest.case, failures.of("statement"));
	checkMovements(chain, edges, (i) => `disclosure.json row ${i + 1}`, fail);
	checkEdges(edges, manifest, fail);
	checkTimes(chain, edges, blocks, fail);
	checkAll(disclosure, manifest, fail);
	const known = disclosure.rows.map(({ row }) => row);
	return {
		...{ rows, blocks, rowsOfTrace: manifest.rows.count },
		stated: [
			...unknownChain(chain),
			...rowsInWords(chain, known, blocks, trust.headers),
			WHICH_SOURCE,
			...detailsInWords(manifest.details),
		],
	};
}

/** What the manifest says of its trace can be said of one: what narrowed it, the rule of an exhibit, seeds of statements. */
function checkStatements({ whatIf, case: { chain }, details }: Manifest, fail: Fail): void {
	const rules = rulesBy(whatIf, chain);
	if (rules === undefined) fail("manifest.json", "calls the trace a what-if in words that no trace says");
	else if (details.exhibitRule !== undefined && !rules.includes(details.exhibitRule))
		fail("manifest.json", `its exhibit is under ${JSON.stringify(details.exhibitRule.slice(0, 100))}, a rule that the trace did not run`);
	for (const seed of Object.keys(details.statements ?? {}))
		if (!isSeed(seed, chain)) fail("manifest.json", `references a statement about ${JSON.stringify(seed.slice(0, 100))}, which is no seed`);
}

/** Rows state an amount under each rule that was run and for each seed, no more than moved, in order, each movement once. */
function checkEdges(edges: readonly Edge[], { whatIf, case: { chain } }: Manifest, fail: Fail): void {
	const rules = rulesBy(whatIf, chain) ?? [];
	const origins = edges[0]?.byOrigin?.length ?? 0;
	let last: Edge | undefined;
	for (const [i, edge] of edges.entries()) {
		const where = `disclosure.json row ${i + 1}`;
		if (last !== undefined && comparePosition(last.position, edge.position) > 0)
			fail(where, `position ${edge.position} stands before ${last.position}`);
		if (last?.position === edge.position && last.into === undefined && edge.into === undefined)
			fail(where, "stands on the same movement as the row before it");
		last = edge;
		if (!isSourceOf(edge.source, edge.provenance))
			fail(where, `is by ${JSON.stringify(edge.source.slice(0, 100))}, which is no source of what is known by ${edge.provenance}`);
		if (!isKindOf(edge)) fail(where, `is called ${edge.kind}, which no ${edge.into === undefined ? "movement" : "exchange"} is`);
		for (const side of edge.into === undefined ? [edge] : [edge, edge.into]) {
			if (![side.tainted, ...(side.byOrigin ?? [])].every((amounts) => statesEach(amounts, rules)))
				fail(where, "does not state an amount under each rule of the trace, and under no other");
			if ((side.byOrigin?.length ?? 0) !== origins || origins === 1) fail(where, "does not state an amount for each seed");
			checkTaint(side, fail, where);
			checkRange(side, fail, where);
		}
		if (edge.range === undefined && Object.values(edge.tainted).every((amount) => amount === "0"))
			fail(where, "is tainted under no rule, and such a movement is no row");
	}
}

function checkRange(side: Pick<Edge, "amount" | "tainted" | "range">, fail: Fail, where: string): void {
	const [least, most] = rangeOf(side);
	const [min, max] = rulesRange(side.tainted);
	if (least > min || most < max) fail(where, "its range leaves out what a rule says");
	if (most > BigInt(side.amount)) fail(where, `its range goes to ${most} of ${side.amount}`);
}

/** The list of files says how long the rows are, and which: where all are shown, they are these. */
function checkAll({ rows }: Disclosure, { files, rows: { count } }: Manifest, fail: Fail): void {
	const listed = files.find(({ path }) => path === ROWS);
	const text = rows.map(({ row }) => `${canonical(row)}\n`).join("");
	if (listed === undefined) return;
	if (bytesOf(text).length > Number(listed.bytes))
		fail("manifest.json", `lists ${ROWS} of ${listed.bytes} bytes, and the rows that are shown are longer`);
	else if (rows.length.toString() === count && sha256Hex(text) !== listed.sha256)
		fail("manifest.json", `lists another ${ROWS} than the rows, all of which are shown`);
}
