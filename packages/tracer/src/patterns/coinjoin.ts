import { BITCOIN_NETWORKS, chainOf, type UtxoOutput, type UtxoTransaction } from "@clew/core";
import {
	addressCounts,
	addressesOf,
	type Finding,
	findingOf,
	inputAccounts,
	mostFrequent,
	must,
	owned,
	spendable,
	surer,
} from "./finding.js";

/**
 * Whirlpool's pools: denomination and coordinator fee, in satoshi. Samourai's four (2019 to 2024), and Ashigaru's two (since June 2025).
 */
const WHIRLPOOL_POOLS = [
	{ denomination: 100_000n, fee: 5_000n },
	{ denomination: 1_000_000n, fee: 50_000n },
	{ denomination: 5_000_000n, fee: 175_000n },
	{ denomination: 50_000_000n, fee: 1_750_000n },
	{ denomination: 2_500_000n, fee: 125_000n },
	{ denomination: 25_000_000n, fee: 1_250_000n },
] as const;
/** What a newly entering input carries above the denomination for miner fees. */
const WHIRLPOOL_SURPLUS = { least: 100n, most: 110_000n } as const;
const WHIRLPOOL_PREMIX_MOST = 70;
/** Hex digits of what a tx0's OP_RETURN pushes at least: 64 bytes. */
const TX0_DATA_DIGITS = 128;
/**
 * Mainnet heights below which a family did not exist: Wasabi 2 came in June 2022. Other networks have other heights: there nothing is
 * excluded.
 */
const WASABI2_SINCE = 740_000;
const MAINNET = BITCOIN_NETWORKS.find((network) => network.name === "bitcoin")?.chain;
const WASABI1_DENOMINATION = 10_000_000n;
/** Rounds of one list of 2021: 186 of 191 lie outside +- 0.005 BTC, all within +- 0.02. */
const WASABI1_TOLERANCE = 2_000_000n;
const WASABI1_LEVELS = 16;
/** Values that are dust limits or protocol markers, never a denomination. */
const DUST_LIMITS = new Set([546n, 2_730n]);
const JOINMARKET_DUST = 2_730n;

/** The rule for CoinJoins of no known family. */
export const EQUAL_OUTPUT = "equal-output";

/** Parameters that differ between rounds or are a matter of caution. */
export interface CoinJoinParameters {
	/** Fewest inputs of a Wasabi 2 round; small rounds exist below it. */
	readonly wasabi2Inputs: number;
	/** Fewest equal outputs of an unknown CoinJoin. */
	readonly equalOutputs: number;
}

export const DEFAULT_COINJOIN_PARAMETERS: CoinJoinParameters = { wasabi2Inputs: 20, equalOutputs: 2 };

const SOURCES = {
	whirlpool: "Whirlpool protocol parameters; crocs-muni/coinjoin-analysis; Whirlpool.Observer (Ashigaru)",
	wasabi: "GraphSense library; BlockSci; crocs-muni/coinjoin-analysis",
	joinmarket: "Möser, Böhme 2016: Join Me on a Market for Anonymity; BlockSci",
	generic: "Maxwell 2013: CoinJoin; Goldfeder et al. 2018: When the cookie meets the blockchain",
};

/** The preparation of a mix, by one user. */
export const WHIRLPOOL_TX0 = "whirlpool-tx0";

/**
 * Every CoinJoin family that a transaction fits, surest first. Inputs and outputs that are nobody's (data, anchors) count for nothing;
 * outputs count by the addresses that they pay, so that an address which is paid twice takes no name away and adds none. JoinMarket,
 * whose rule is the widest, is asked when no other family fits. The premix outputs of a recognised tx0 are one user's: they are no equal
 * outputs of several. `spenders` are transactions that spend its outputs, by output index, where the caller knows them; they only make a
 * finding surer. Inputs of unknown owners count as no one's. Linear in inputs and outputs.
 */
export function findCoinJoins(
	tx: UtxoTransaction,
	parameters: CoinJoinParameters = DEFAULT_COINJOIN_PARAMETERS,
	spenders: ReadonlyMap<number, UtxoTransaction> = new Map(),
): Finding[] {
	const seen = owned(tx);
	if (tx.coinbase || seen.inputs.length === 0) return [];
	const tx0 = whirlpoolTx0(tx, spenders);
	const named = [whirlpoolMix(seen), tx0?.finding, wasabi1(seen), wasabi1Levels(seen), wasabi2(seen, parameters)].filter(
		(finding) => finding !== undefined,
	);
	const rest = tx0 === undefined ? seen : { ...seen, outputs: seen.outputs.filter((output) => !tx0.premixes.includes(output)) };
	const wide = [named.length === 0 ? joinMarket(seen) : undefined, equalOutputs(rest, parameters)].filter(
		(finding) => finding !== undefined,
	);
	return [...named.sort((a, b) => b.score - a.score), ...wide];
}

/** Anybody in a round can have an address paid twice: that makes a name less sure, no more. */
function paidOnce(outputs: readonly UtxoOutput[]) {
	return surer("outputs pay distinct addresses", addressesOf(outputs) === outputs.length);
}

/** Largest share of the inputs that one owner has, in whole percent rounded up. */
function topShare(tx: UtxoTransaction): number {
	const counts = new Map<string, number>();
	for (const [i, { previous }] of tx.inputs.entries()) {
		const owner = previous?.account ?? `unknown ${i}`;
		counts.set(owner, (counts.get(owner) ?? 0) + 1);
	}
	return Math.ceil((100 * Math.max(...counts.values())) / tx.inputs.length);
}

function whirlpoolMix(tx: UtxoTransaction): Finding | undefined {
	const denomination = tx.outputs[0]?.value ?? 0n;
	const pool = WHIRLPOOL_POOLS.find((p) => p.denomination === denomination);
	if (pool === undefined) return undefined;
	const values = tx.inputs.map((input) => input.previous?.value);
	const entrants = values.filter((v) => v !== undefined && inSurplus(v - denomination)).length;
	const remixers = values.filter((v) => v === denomination).length;
	const receivers = addressesOf(tx.outputs);
	return findingOf(
		{
			name: "whirlpool-mix",
			version: 3,
			source: SOURCES.whirlpool,
			mixes: true,
			parameters: { pool: denomination.toString(), size: "5 to 8", surplus: surplusText() },
		},
		[
			must(
				`${tx.inputs.length} inputs and as many outputs`,
				tx.inputs.length === tx.outputs.length && tx.inputs.length >= 5 && tx.inputs.length <= 8,
			),
			must(
				`every output is ${denomination} satoshi`,
				tx.outputs.every((output) => output.value === denomination),
			),
			must(`${entrants} inputs enter with a surplus`, values.includes(undefined) || (entrants >= 1 && entrants <= 4)),
			must(`${receivers} addresses receive`, receivers >= 2),
			paidOnce(tx.outputs),
			surer("every other input comes from the pool", entrants + remixers === values.length),
			surer("inputs have distinct owners", inputAccounts(tx).size === tx.inputs.length),
		],
	);
}

function inSurplus(surplus: bigint): boolean {
	return surplus >= WHIRLPOOL_SURPLUS.least && surplus <= WHIRLPOOL_SURPLUS.most;
}

const surplusText = () => `${WHIRLPOOL_SURPLUS.least} to ${WHIRLPOOL_SURPLUS.most}`;

function whirlpoolTx0(
	tx: UtxoTransaction,
	spenders: ReadonlyMap<number, UtxoTransaction>,
): { readonly finding: Finding; readonly premixes: readonly UtxoOutput[] } | undefined {
	const [message, ...more] = tx.outputs.filter((output) => output.scriptType === "op_return");
	if (message === undefined || more.length > 0) return undefined;
	const digits = message.data?.length ?? 0;
	const outputs = spendable(tx);
	for (const { denomination, fee } of WHIRLPOOL_POOLS) {
		const isPremix = ({ value }: { value: bigint }) => inSurplus(value - denomination);
		const isFee = ({ value }: { value: bigint }) => value * 2n >= fee && value <= fee * 3n;
		const premixes = outputs.filter(isPremix);
		const fees = outputs.filter((output) => !isPremix(output) && isFee(output));
		const others = outputs.length - premixes.length - fees.length;
		const mixed = tx.outputs.some(
			(output, i) => isPremix(output) && spenders.has(i) && whirlpoolMix(spenders.get(i) as UtxoTransaction) !== undefined,
		);
		const finding = findingOf(
			{
				name: WHIRLPOOL_TX0,
				version: 3,
				source: SOURCES.whirlpool,
				mixes: false,
				parameters: {
					pool: denomination.toString(),
					fee: fee.toString(),
					surplus: surplusText(),
					premixesAtMost: String(WHIRLPOOL_PREMIX_MOST),
					messageBytesAtLeast: String(TX0_DATA_DIGITS / 2),
				},
			},
			[
				must(`exactly one OP_RETURN, of ${digits / 2} bytes`, digits >= TX0_DATA_DIGITS),
				must(`${premixes.length} premix outputs`, premixes.length >= 1 && premixes.length <= WHIRLPOOL_PREMIX_MOST),
				must("one output in the range of the pool's fee", fees.length === 1),
				must(`${others} other outputs`, others <= 2),
				must("premix outputs are equal", addressCounts(premixes).size === 1),
				surer("a premix output is spent into a mix", mixed),
			],
		);
		if (finding !== undefined) return { finding, premixes };
	}
	return undefined;
}

function wasabi1(tx: UtxoTransaction): Finding | undefined {
	const near = [...addressCounts(tx.outputs)].filter(([value]) => within(value, WASABI1_DENOMINATION, WASABI1_TOLERANCE));
	const { value, count } = mostFrequent(new Map(near));
	return findingOf(
		{
			name: "wasabi-1.0",
			version: 3,
			source: SOURCES.wasabi,
			mixes: true,
			parameters: { denomination: "0.1 BTC +- 0.02", inputsAtLeast: "10", participantsAtLeast: "3", topShareAtMost: "10 %" },
		},
		[
			...wasabiCommon(tx, count, count),
			must(`${count} addresses receive ${value} satoshi`, count >= 3),
			surer("most participants", tx.inputs.length >= 50),
		],
	);
}

/** What both Wasabi 1 rules ask for; n addresses receive a denomination, at most `most` of them one value: one owner takes one of each. */
function wasabiCommon(tx: UtxoTransaction, n: number, most: number) {
	const s = inputAccounts(tx).size;
	const receivers = addressesOf(tx.outputs);
	return [
		must(`${tx.inputs.length} inputs`, tx.inputs.length >= 10),
		must("no owner has more than a tenth of the inputs", topShare(tx) <= 10),
		must(`${n} of ${receivers} addresses receive a denomination`, 2 * n >= receivers - 1),
		must(`${s} distinct owners of inputs`, most <= s && s <= 7 * n),
		paidOnce(tx.outputs),
	];
}

function wasabi1Levels(tx: UtxoTransaction): Finding | undefined {
	const counts = addressCounts(tx.outputs);
	const levels = new Map<number, number>();
	for (const [value, count] of counts) {
		for (let i = 0; i < WASABI1_LEVELS && count >= 2; i++) {
			const scale = 1n << BigInt(i);
			if (within(value, WASABI1_DENOMINATION * scale, WASABI1_TOLERANCE * scale)) levels.set(i, (levels.get(i) ?? 0) + count);
		}
	}
	const n = [...levels.values()].reduce((a, b) => a + b, 0);
	return findingOf(
		{
			name: "wasabi-1.1",
			version: 3,
			source: SOURCES.wasabi,
			mixes: true,
			parameters: { levels: "0.1 BTC x 2^i +- 20 %", outputsPerLevelAtLeast: "2", inputsAtLeast: "10", topShareAtMost: "10 %" },
		},
		[
			...wasabiCommon(tx, n, Math.max(0, ...levels.values())),
			must(`${levels.size} levels of 0.1 BTC x 2^i`, levels.has(0) && levels.size >= 2),
		],
	);
}

function within(value: bigint, target: bigint, tolerance: bigint): boolean {
	return value >= target - tolerance && value <= target + tolerance;
}

function wasabi2(tx: UtxoTransaction, { wasabi2Inputs }: CoinJoinParameters): Finding | undefined {
	const repeated = new Map([...addressCounts(tx.outputs)].filter(([, count]) => count >= 2));
	const denominated = addressesOf(tx.outputs.filter(({ value }) => repeated.has(value)));
	const receivers = addressesOf(tx.outputs);
	const dated = tx.outputs[0] !== undefined && chainOf(tx.outputs[0].account) === MAINNET;
	return findingOf(
		{
			name: "wasabi-2",
			version: 3,
			source: SOURCES.wasabi,
			mixes: true,
			parameters: {
				inputsAtLeast: String(wasabi2Inputs),
				topShareAtMost: "10 %",
				outputAtLeast: "5000",
				denominationsAtLeast: "3",
				heightAtLeast: String(WASABI2_SINCE),
			},
		},
		[
			must(
				dated ? `mined at height ${tx.height}` : "this network's heights do not say whether Wasabi 2 existed: it cannot be excluded",
				!dated || tx.height >= WASABI2_SINCE,
			),
			must(`${tx.inputs.length} inputs`, tx.inputs.length >= wasabi2Inputs),
			must("no owner has more than a tenth of the inputs", topShare(tx) <= 10),
			must(
				"every output is at least 5,000 satoshi",
				tx.outputs.every((output) => output.value >= 5_000n),
			),
			must(`${repeated.size} denominations come more than once`, repeated.size >= 3),
			must(`${denominated} of ${receivers} addresses receive a denomination`, 2 * denominated >= receivers - 1),
			must(
				"some output is of no denomination",
				tx.outputs.some(({ value }) => !repeated.has(value)),
			),
			surer("denominations are of Wasabi's list", [...repeated.keys()].every(isWasabi2Denomination)),
		],
	);
}

/** 2^i, 3^i, 2 x 3^i, 10^i, 2 x 10^i and 5 x 10^i, from 5,000 satoshi. */
function isWasabi2Denomination(value: bigint): boolean {
	const isPower = (n: bigint, base: bigint) => {
		let rest = n;
		while (rest > 1n && rest % base === 0n) rest /= base;
		return rest === 1n;
	};
	const half = value % 2n === 0n ? value / 2n : 0n;
	const fifth = value % 5n === 0n ? value / 5n : 0n;
	return isPower(value, 2n) || isPower(value, 3n) || isPower(value, 10n) || isPower(half, 3n) || isPower(half, 10n) || isPower(fifth, 10n);
}

function joinMarket(tx: UtxoTransaction): Finding | undefined {
	const counts = new Map([...addressCounts(tx.outputs)].filter(([value]) => value > JOINMARKET_DUST));
	const { value, count } = mostFrequent(counts);
	const s = inputAccounts(tx).size;
	const receivers = addressesOf(tx.outputs);
	const others = tx.outputs.filter((output) => output.value !== value).length;
	return findingOf(
		{
			name: "joinmarket",
			version: 3,
			source: SOURCES.joinmarket,
			mixes: true,
			parameters: { equalOutputsAtLeast: "3", dust: JOINMARKET_DUST.toString() },
		},
		[
			must(`${count} of ${receivers} addresses receive ${value} satoshi`, 2 * count >= receivers && count >= 3),
			must(`${s} distinct owners of inputs`, count <= s),
			must("some output is of another value", others > 0),
			paidOnce(tx.outputs),
			surer("as many change outputs as makers", others >= count - 1),
		],
	);
}

/** Equal outputs of unknown origin: enough not to join inputs, too little to name a mixer. */
function equalOutputs(tx: UtxoTransaction, { equalOutputs: least }: CoinJoinParameters): Finding | undefined {
	const counts = new Map([...addressCounts(tx.outputs)].filter(([value]) => !DUST_LIMITS.has(value)));
	const { value, count } = mostFrequent(counts);
	const owners = inputAccounts(tx).size + tx.inputs.filter((input) => input.previous === undefined).length;
	return findingOf(
		{
			name: EQUAL_OUTPUT,
			version: 3,
			source: SOURCES.generic,
			mixes: true,
			parameters: { equalOutputsAtLeast: String(least), dustLimits: [...DUST_LIMITS].join(" ") },
		},
		[
			must(`${count} addresses receive ${value} satoshi`, count >= least),
			must(`${owners} owners of inputs`, owners >= 2),
			paidOnce(tx.outputs.filter((output) => output.value === value)),
			surer("at least as many owners of inputs as equal outputs", owners >= count),
			surer("three or more equal outputs", count >= 3),
		],
	);
}
