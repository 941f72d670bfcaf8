import { amountInWords } from "./action-words.js";
import { type Asking, type Finding, letting, naming, ZERO } from "./findings.js";
import type { Intent } from "./intent.js";
import type { Effect, Facts } from "./judge.js";

/** More receivers are not looked up. */
const MAX_RECEIVERS = 100;

/** Of what moves something: who gets it, and whom it lets take tokens. Of calls whose code is not read, too: that nothing comes. */
export async function judgeEffect(intent: Intent, asking: Asking): Promise<Finding[]> {
	const { actions, data, to, value } = intent;
	const isUnread = actions.some(({ kind }) => kind === "call");
	if (value === 0n && data === "0x" && !isUnread) return [];
	const effect = await asking.facts.effect(intent);
	if (effect === undefined) return isUnread ? [{ outcome: "notice", says: UNTRIED }] : [];
	if (effect.fails) return isUnread ? [{ outcome: "notice", says: FAILS }] : [];
	const { facts } = asking;
	const findings: Finding[] = effect.bare && isUnread ? [{ outcome: "notice", says: BARE }] : [];
	const others = effect.receives.filter((one) => one !== to && one !== ZERO);
	for (const one of others.slice(0, MAX_RECEIVERS)) findings.push(...naming("Tried out, it", await facts.glance(one), one, "pays"));
	if (others.length > MAX_RECEIVERS)
		findings.push({ outcome: "notice", says: `Tried out, it pays ${others.length} addresses; ${MAX_RECEIVERS} were looked up.` });
	const spoken = new Set(actions.flatMap((action) => Object.values(action)));
	for (const spender of effect.lets) if (!spoken.has(spender)) findings.push(...(await letting(spender, "all", asking)));
	if (isUnread && effect.leaves.length > 0 && effect.comes.length === 0) findings.push(losing(effect, facts));
	return findings;
}

const UNTRIED = "Your node did not try it out, so that nobody saw whom its call pays, and whom it lets take something.";
const FAILS = "Tried out, it fails, so that nobody saw whom its call would pay.";
const BARE = "Your node tried it out without its fee and gas only, which a contract can notice.";

function losing({ leaves }: Effect, { unit }: Facts): Finding {
	const words = leaves.map(({ token, amount }) => amountInWords(amount, token, unit));
	const some = leaves.map((one, i) =>
		unit(one.token) === undefined && one.token !== undefined ? `some of the token ${one.token}` : words[i],
	);
	const more = some.length > 1 ? ` and ${some.length - 1} more` : "";
	return {
		outcome: "notice",
		says: `Tried out, it takes ${some[0]}${more} from you, and nothing comes back.`,
		reason: `Tried out, it takes ${words.join(", ")} from you, and nothing comes back in the same transaction.`,
	};
}
