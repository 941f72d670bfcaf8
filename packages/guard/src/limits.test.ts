import { describe, expect, it } from "vitest";
import type { Action, Intent } from "./intent.js";
import { Allowance } from "./limits.js";

const [FRIEND, STRANGER, TOKEN] = ["1", "2", "3"].map((digit) => `0x${digit.repeat(40)}`) as [string, string, string];
const intent = (to: string, value: bigint, ...actions: Action[]): Intent => ({
	...{ from: undefined, chainId: 1n, to, value, data: "0x", hash: undefined },
	actions: actions.length > 0 ? actions : [{ kind: "pay", to, amount: value }],
});

describe("limits of a guard for programs that pay", () => {
	it("let go what is within them, and count what left", () => {
		const allowance = new Allowance({ maxValue: 10n, receivers: new Set([FRIEND]) });
		expect(allowance.beyond(intent(FRIEND, 6n), true)).toBeUndefined();
		expect(allowance.beyond(intent(FRIEND, 4n), false)).toBeUndefined();
		expect(allowance.beyond(intent(FRIEND, 5n), true)).toMatch(/4 base units are left/);
		expect(allowance.beyond(intent(FRIEND, 4n), true)).toBeUndefined();
		expect(allowance.beyond(intent(FRIEND, 1n), true)).toMatch(/0 base units are left/);
	});

	it("hold back strangers, in a call's inner parts too, and everything whose worth is not known", () => {
		const receivers = new Set([FRIEND, TOKEN]);
		const anyValue = new Allowance({ maxValue: undefined, receivers });
		expect(anyValue.beyond(intent(STRANGER, 1n), true)).toContain(STRANGER);
		expect(anyValue.beyond(intent(TOKEN, 0n, { kind: "pay-token", token: TOKEN, to: STRANGER, amount: 1n }), true)).toContain(STRANGER);
		expect(anyValue.beyond(intent(TOKEN, 0n, { kind: "pay-token", token: TOKEN, to: FRIEND, amount: 1n }), true)).toBeUndefined();
		expect(anyValue.beyond({ ...intent(FRIEND, 0n), to: undefined, actions: [{ kind: "create" }] }, true)).toContain("nobody");
		const capped = new Allowance({ maxValue: 10n, receivers: undefined });
		expect(capped.beyond(intent(TOKEN, 0n, { kind: "let-spend", token: TOKEN, spender: FRIEND, amount: 1n }), true)).toMatch(
			/no known worth/,
		);
		expect(
			capped.beyond(intent(FRIEND, 0n, { kind: "pay", to: FRIEND, amount: 6n }, { kind: "pay", to: STRANGER, amount: 5n }), true),
		).toMatch(/11/);
	});

	it("are none where none were set", () => {
		expect(new Allowance({ maxValue: undefined, receivers: undefined }).beyond(intent(STRANGER, 99n), true)).toBeUndefined();
	});
});
