const MOST = 65_536;

/** The same question about a text, whose last answers are kept: the rows of a bundle name few accounts, each many times. */
export function remembered(ask: (text: string) => boolean): (text: string) => boolean {
	const known = new Map<string, boolean>();
	return (text) => {
		let answer = known.get(text);
		if (answer === undefined) {
			if (known.size >= MOST) known.clear();
			answer = ask(text);
			known.set(text, answer);
		}
		return answer;
	};
}
