import { mulberry32 } from "../random.js";
import { formatOutpoint, type UtxoRecord } from "../utxo.js";
import { testTxid, testUtxo } from "./memory-outputs.js";

/** A small valid chain of transactions, made from a list of numbers: fast-check shrinks the numbers, and so the world. */
export interface RandomUtxoWorld {
	readonly transactions: readonly UtxoRecord[];
	/** Every output that was made, as [transaction number, output]. */
	readonly outputs: readonly (readonly [number, number])[];
}

const ADDRESSES = 12;
const TX_PER_BLOCK = 3;
/** What every coinbase makes, in satoshi: few, so that a reference can look at each one. */
const SUBSIDY = 60n;

/**
 * Makes a world: every step spends one to four outputs, in an order of its own, and pays one to four addresses and a fee. `steps` are any
 * whole numbers from 0.
 */
export function randomUtxoWorld(steps: readonly number[]): RandomUtxoWorld {
	const transactions: UtxoRecord[] = [];
	const unspent: { tx: number; vout: number; value: bigint }[] = [];
	let maturing: typeof unspent = [];
	const outputs: (readonly [number, number])[] = [];
	const add = (record: UtxoRecord, n: number) => {
		transactions.push(record);
		for (const [vout, { value }] of record.outputs.entries()) {
			(record.coinbase ? maturing : unspent).push({ tx: n, vout, value });
			outputs.push([n, vout]);
		}
	};
	let n = 0;
	for (const [i, step] of steps.entries()) {
		const random = generator(step + i * 7919);
		const height = Math.floor(i / TX_PER_BLOCK) + 1;
		if (i % TX_PER_BLOCK === 0) {
			n++;
			unspent.push(...maturing);
			maturing = [];
			add(testUtxo(n, [height, 0], [], [[random(ADDRESSES), SUBSIDY]]), n);
		}
		const chosen = Array.from({ length: Math.min(unspent.length, 1 + random(4)) }, () => unspent.splice(random(unspent.length), 1)[0]);
		const spends = chosen.filter((output) => output !== undefined);
		let left = spends.reduce((sum, output) => sum + output.value, 0n) - BigInt(random(3));
		if (left <= 0n) {
			unspent.push(...spends);
			continue;
		}
		const pays: [number, bigint][] = [];
		for (let k = random(4); k > 0 && left > 1n; k--) {
			const value = BigInt(1 + random(Number(left)));
			pays.push([random(ADDRESSES), value]);
			left -= value;
		}
		if (left > 0n) pays.push([random(ADDRESSES), left]);
		n++;
		const rest = {
			locktime: random(2),
			version: 1 + random(2),
			types: pays.map(() => (random(2) === 0 ? ("p2pkh" as const) : ("p2wpkh" as const))),
		};
		add(
			testUtxo(
				n,
				[height, 1 + (i % TX_PER_BLOCK)],
				spends.map((output) => [output.tx, output.vout]),
				pays,
				rest,
			),
			n,
		);
	}
	return { transactions, outputs };
}

/** A small generator of whole numbers below a bound. */
function generator(seed: number): (below: number) => number {
	const next = mulberry32(seed);
	return (below) => next() % below;
}

/** The literal outpoint of a world's output. */
export function outpointOf([tx, vout]: readonly [number, number]): string {
	return formatOutpoint({ txid: testTxid(tx), vout });
}
