import { type ChainId, evmChain, evmChainId, knowsHashes } from "@clew/core";
import { RLP } from "@ethereumjs/rlp";
import { getBytes, keccak256 } from "ethers";
import { data, type Item, integer } from "../rlp.js";
import type { RpcHeader } from "../shapes.js";

/** How a client encodes a header. */
interface HeaderForm {
	readonly name: "ethereum" | "coreth" | "subnet-evm" | "aura";
	/** Undefined where the node does not tell what the form has. */
	fields(block: RpcHeader): Item[] | undefined;
}

/** Fields that stand in every header, up to its extra data (yellow paper). */
const common = (block: RpcHeader): Item[] => [
	data(block.parentHash),
	data(block.sha3Uncles),
	data(block.miner),
	data(block.stateRoot),
	data(block.transactionsRoot),
	data(block.receiptsRoot),
	data(block.logsBloom),
	integer(block.difficulty),
	integer(block.number),
	integer(block.gasLimit),
	integer(block.gasUsed),
	integer(block.timestamp),
	data(block.extraData),
];

/** Fields of EIP-1559, 4895, 4844, 4788 and 7685, as far as a header has them. */
function forked(block: RpcHeader): Item[] {
	const fields: Item[] = [];
	if (block.baseFeePerGas != null) fields.push(integer(block.baseFeePerGas));
	if (block.withdrawalsRoot != null) fields.push(data(block.withdrawalsRoot));
	if (block.blobGasUsed != null) fields.push(integer(block.blobGasUsed), integer(block.excessBlobGas));
	if (block.parentBeaconBlockRoot != null) fields.push(data(block.parentBeaconBlockRoot));
	if (block.requestsHash != null) fields.push(data(block.requestsHash));
	return fields;
}

/** Fields of which a header has the first ones, up to the last that is told. */
function upToLast(block: RpcHeader, names: readonly (readonly [string, (value: unknown) => Uint8Array])[]): Item[] {
	const last = names.findLastIndex(([name]) => block[name] != null);
	return names.slice(0, last + 1).map(([name, encode]) => encode(block[name]));
}

/** What Avalanche's clients add last, since their Etna and Granite. */
const LATER = [
	["blobGasUsed", integer],
	["excessBlobGas", integer],
	["parentBeaconBlockRoot", data],
	["timestampMilliseconds", integer],
	["minDelayExcess", integer],
] as const;

const FORMS = {
	ethereum: { name: "ethereum", fields: (block) => [...common(block), data(block.mixHash), data(block.nonce), ...forked(block)] },
	coreth: {
		name: "coreth",
		fields: (block) =>
			block.extDataHash == null
				? undefined
				: [
						...[...common(block), data(block.mixHash), data(block.nonce), data(block.extDataHash)],
						...upToLast(block, [["baseFeePerGas", integer], ["extDataGasUsed", integer], ["blockGasCost", integer], ...LATER]),
					],
	},
	"subnet-evm": {
		name: "subnet-evm",
		fields: (block) => [
			...[...common(block), data(block.mixHash), data(block.nonce)],
			...upToLast(block, [["baseFeePerGas", integer], ["blockGasCost", integer], ...LATER]),
		],
	},
	aura: {
		name: "aura",
		fields: (block) => {
			const seal = sealOf(block);
			return seal === undefined ? undefined : [...common(block), ...seal, ...forked(block)];
		},
	},
} as const satisfies Record<string, HeaderForm>;

const STEP = /^(0x[0-9a-fA-F]{1,16}|[0-9]{1,20})$/;
const SIGNATURE = /^(0x)?[0-9a-fA-F]{130}$/;
const SEAL = /^0x([0-9a-fA-F]{2}){1,100}$/;

/** Step and signature of an authority (AuRa), which nodes tell by name, or encoded as the fields of a seal. */
function sealOf({ step, signature, sealFields }: RpcHeader): Item[] | undefined {
	const [time, signed] = [String(step), String(signature)];
	if (STEP.test(time) && SIGNATURE.test(signed)) return [integer(`0x${BigInt(time).toString(16)}`), data(`0x${signed.replace(/^0x/, "")}`)];
	if (!Array.isArray(sealFields) || sealFields.length !== 2 || !sealFields.every((field) => SEAL.test(String(field)))) return undefined;
	return sealFields.map((field) => RLP.decode(getBytes(String(field))) as Item);
}

/** First block of Nitro on Arbitrum One; before, another client's blocks have hashes of their own rule. */
const FIRST_OF_NITRO = 22_207_817;
const ARBITRUM_ONE = evmChainId(42_161);
/** First block of Celo as a rollup (celo-org, "Cel2"). */
const FIRST_OF_CEL2 = 31_056_500;

/** Forms that headers of a chain may have, the likeliest first: one of them where the table knows the chain's client. */
function formsOf(chain: ChainId): readonly HeaderForm[] {
	const known = evmChain(chain);
	if (known === undefined || known.hashes === "unknown") return [FORMS.ethereum, FORMS.coreth, FORMS["subnet-evm"], FORMS.aura];
	if (known.client === "coreth") return [FORMS.coreth];
	return known.client === "aura" ? [FORMS.ethereum, FORMS.aura] : [FORMS.ethereum];
}

/**
 * Why what does not come out of a block is no lie, in words: its chain may have a rule of its own. Undefined where the rule is known for
 * sure.
 */
export function hashDoubt(chain: ChainId, block: RpcHeader): string | undefined {
	if (!knowsHashes(chain)) return `whether ${chain} has a rule of its own is not known here`;
	const height = Number(block.number);
	switch (evmChain(chain)?.client) {
		case "scroll":
		case "mantle":
			return "the form of this chain's headers was not tried";
		case "nitro":
			return chain === ARBITRUM_ONE && height < FIRST_OF_NITRO ? "it was made before Nitro, by a rule of its own" : undefined;
		case "celo":
			return height < FIRST_OF_CEL2 ? "it was made before Celo became a rollup, by a rule of its own" : undefined;
		case "coreth":
			return block.extDataHash == null ? "the node leaves out fields that this chain's headers have" : undefined;
		case "aura":
			return isSealLess(block) ? "the node does not tell the seal of an authority, which old headers have" : undefined;
		default:
			return undefined;
	}
}

/** True where a header has neither what a beacon chain gives it nor an authority's seal. */
function isSealLess(block: RpcHeader): boolean {
	return block.withdrawalsRoot == null && sealOf(block) === undefined;
}

/** A header as its hash has it. */
export interface EncodedHeader {
	readonly bytes: Uint8Array;
	/** Lower-case hex: what the bytes give, the stated hash where a form gives it. */
	readonly hash: string;
}

/** Encodes a header in the form of its chain: where several may be, in the one that gives the hash it states. */
export function encodedHeader(chain: ChainId, block: RpcHeader): EncodedHeader {
	let first: EncodedHeader | undefined;
	for (const form of formsOf(chain)) {
		const fields = form.fields(block);
		if (fields === undefined) continue;
		const bytes = RLP.encode(fields);
		const encoded = { bytes, hash: keccak256(bytes) };
		if (encoded.hash === block.hash.toLowerCase()) return encoded;
		first ??= encoded;
	}
	return first ?? { bytes: new Uint8Array(0), hash: "nothing" };
}
