import type { Alert } from "@clew/workers";
import { expect, it } from "vitest";
import { alertLine } from "./alert-line.js";

const [FROM, TO] = ["a", "b"].map((digit) => `eip155:1:0x${digit.repeat(40)}`) as [string, string];
const alert: Alert = {
	schema: "clew.alert/1",
	id: "1",
	watch: "w",
	case: "c",
	rules: ["any-outflow"],
	status: "final",
	revision: 1,
	chain: "eip155:1",
	subject: FROM,
	from: FROM,
	to: TO,
	direction: "out",
	asset: "eip155:1/slip44:60",
	amount: "5",
	kind: "token",
	txHash: "0x1",
	height: 13,
	blockHash: "",
	time: 0,
	confirmations: 7,
	counterparty: "",
};

it("an alert in one line ends with why it may not have moved at all", () => {
	const line = (more: Partial<Alert> = {}) => alertLine({ ...alert, ...more }, (units) => `${units} wei`);
	expect(line()).toMatch(/^1 {2}final {2}block 13 \(7\) {2}5 wei .* any-outflow {2}0x1$/);
	expect(line({ caveat: "only the token's contract says so" })).toBe(`${line()}  only the token's contract says so`);
});
