/** Puts facts into words: `{name}` becomes the fact of that name. A fact is never read for names again. */
export function fill(words: string, facts: Readonly<Record<string, string>>): string {
	return words.replace(/\{([a-z]+)\}/gi, (whole, name: string) => facts[name] ?? whole);
}
