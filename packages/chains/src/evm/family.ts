import { type ChainId, EVM } from "@clew/core";
import { ANSWERS_IN_BUNDLE, notAsExpected } from "../answers-in-bundle.js";
import type { EndpointKind } from "../endpoint-report.js";
import type { AnswersReader, FamilyReader, RowImport } from "../family.js";
import { formatsOf, IMPORT_FAMILIES } from "../import/formats.js";
import { importRowsAgain } from "../import/import-again.js";
import { etherscanHistory } from "./etherscan-history.js";
import { EXPLORER_KINDS } from "./explorer-kinds.js";
import { newHeads } from "./new-heads.js";
import { accountFacts, issuerActs, openEvmSource } from "./open.js";

const IMPORTS: readonly RowImport[] = IMPORT_FAMILIES.map((name) => ({ name, formats: (decimalsOf) => formatsOf(name, decimalsOf) }));

const NODE: EndpointKind = {
	name: "node",
	serves: ["blocks"],
	test: async (url, chain, now, options) => (await import("./test-node.js")).testEvmNode(url, chain, now, options),
};

/** What reads EVM chains. */
export const EVM_READER: FamilyReader = {
	family: EVM,
	nodeVariable: "CLEW_EVM_RPC",
	endpointKinds: [NODE, ...EXPLORER_KINDS],
	open: openEvmSource,
	history: async (url, chain, options) => etherscanHistory(url, chain, options),
	async tryNode(url, chain, options) {
		const source = await openEvmSource(url, chain, options);
		try {
			const [can, head] = [await source.capabilities(), await source.head()];
			return `${source.name}: ${can.client}, block ${head.height}; receipts by block ${can.blockReceipts ? "yes" : "no"}, traces ${can.traces}`;
		} finally {
			source.close();
		}
	},
	answersReader,
	rowImports: IMPORTS,
	transactionImports: [],
	importAgain: (store, files, options) => importRowsAgain(store, files, IMPORTS, options),
	newHeads,
	accountFacts,
	issuerActs,
};

async function answersReader(chain: ChainId): Promise<AnswersReader> {
	const [{ blockAnswersShape, readAnswers }, { decodeBlock }, { partAnswersShape, readPart }] = await Promise.all([
		import("./answers.js"),
		import("./decode.js"),
		import("./part.js"),
	]);
	return (answers, tier) => {
		const isTrusted = tier === "node-unverified";
		const part = partAnswersShape.safeParse(answers);
		const some = part.success ? readPart(ANSWERS_IN_BUNDLE, chain, part.data, isTrusted) : undefined;
		if (some !== undefined) return some;
		const parsed = blockAnswersShape.safeParse(answers);
		if (!parsed.success) throw notAsExpected(parsed.error);
		return decodeBlock(chain, readAnswers(ANSWERS_IN_BUNDLE, chain, parsed.data, isTrusted));
	};
}
