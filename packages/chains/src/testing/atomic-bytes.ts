import { RLP } from "@ethereumjs/rlp";
import { getBytes, keccak256 } from "ethers";

/** AVAX on Avalanche's main network. */
const AVAX = "21e67317cbc4be2aeb00677ad6462778a8f52274b9d605df2591b23027a87dff";
const [SELF, OTHER] = ["c".repeat(64), "d".repeat(64)];

const number = (value: number, bytes: number) => value.toString(16).padStart(bytes * 2, "0");
export const listed = (...items: string[]) => number(items.length, 4) + items.join("");
const signed = listed(number(9, 4) + listed("0".repeat(130)));
const input = "1".repeat(64) + number(0, 4) + AVAX + number(5, 4) + number(7, 8) + listed(number(0, 4));
const output = AVAX + number(7, 4) + number(5, 8) + number(0, 8) + number(1, 4) + listed("e".repeat(40));

/** What an account gets or gives: 40 hex digits, nAVAX or units of another asset. */
export function flow(address: string, amount: number, asset = AVAX): string {
	return address + number(amount, 8) + asset;
}

/** A signed import of coin for accounts, hex, as it stands in a block of Avalanche's C-Chain. */
export function imports(...flows: string[]): string {
	return number(0, 4) + number(1, 4) + SELF + OTHER + listed(input) + listed(...flows) + signed;
}

/** A signed export of what accounts give, hex. */
export function exports(...flows: string[]): string {
	return number(1, 4) + number(1, 4) + SELF + OTHER + listed(...flows.map((one) => one + number(3, 8))) + listed(output) + signed;
}

/** Fields of a block with atomic transactions of such bytes, hex without 0x. */
export function atomicFields(bytes: string): object {
	const told = `0x${bytes}`;
	return { blockExtraData: told, extDataHash: keccak256(RLP.encode(getBytes(told))), extDataGasUsed: "0x0", blockGasCost: "0x0" };
}
