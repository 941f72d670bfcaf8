import { concat, toBeHex, zeroPadValue } from "ethers";
import type { RawLog } from "./logs.js";

/**
 * A contract that does what its call says, step by step: pays and calls others, and logs. Compiled from `puppet.yul` beside this file
 * (solc, optimised, for the Paris upgrade); a test compiles it again. It stands in for exchanges, pools, tokens and bridges of made-up
 * worlds, on nodes for development only.
 */
export const PUPPET_CODE =
	"0x60005b803681101560bb576001813560001a9101918282156088575050818160051b01906004823560e01c838183819601600037010192803560208201359160408101359380600114607b5780600214606f5760031460645760600135936000a46002565b509091926000a36002565b50509150916000a26002565b5050929150506000a16002565b819350600080935060358193013560e01c91826039870183376015603984880101960135903560601c5af1600257600080fd5b00";

const WORD = 32;

/** A step that pays `value` wei to an address and calls it with data. */
export function callStep(target: string, value: bigint, data = "0x"): string {
	return concat(["0x00", target, toBeHex(value, WORD), lengthOf(data), data]);
}

/** A step that logs; one to four topics. */
export function logStep({ topics, data }: RawLog): string {
	return concat([toBeHex(topics.length, 1), ...topics.map((topic) => zeroPadValue(topic, WORD)), lengthOf(data), data]);
}

function lengthOf(data: string): string {
	return toBeHex((data.length - 2) / 2, 4);
}
