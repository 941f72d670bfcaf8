import { type ChainId, type DecodedBlock, InputError, isUtxoChain, type UtxoBlock } from "@clew/core";

const NAME = "answers in the bundle";

/** Reads a block from kept answers with the same checks as from a node. Loads the Bitcoin library only where it is needed. Throws InputError, NodeError. */
export async function answersReader(chain: ChainId): Promise<(answers: unknown) => DecodedBlock | UtxoBlock> {
	if (!isUtxoChain(chain)) {
		const [{ blockAnswersShape, readAnswers }, { decodeBlock }] = await Promise.all([
			import("./evm/answers.js"),
			import("./evm/decode.js"),
		]);
		return (answers) => {
			const parsed = blockAnswersShape.safeParse(answers);
			if (!parsed.success) throw new InputError(`${NAME}: not as expected: ${parsed.error.issues[0]?.path.join(".")}`);
			return decodeBlock(chain, readAnswers(NAME, chain, parsed.data));
		};
	}
	const [{ bitcoinAnswersShape }, { decodeBlock, parseBlock }, { networkOf }, { scriptReader }] = await Promise.all([
		import("./bitcoin/proofs.js"),
		import("./bitcoin/block.js"),
		import("./bitcoin/source.js"),
		import("./bitcoin/script.js"),
	]);
	const network = networkOf(chain);
	const scripts = scriptReader(network);
	return (answers) => {
		const parsed = bitcoinAnswersShape.safeParse(answers);
		if (!parsed.success) throw new InputError(`${NAME}: not as expected: ${parsed.error.issues[0]?.path.join(".")}`);
		return decodeBlock(
			parseBlock(Buffer.from(parsed.data.raw, "hex"), network, `block ${parsed.data.height}`),
			Number(parsed.data.height),
			scripts,
		);
	};
}
