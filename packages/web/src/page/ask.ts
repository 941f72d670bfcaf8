/// <reference lib="dom" />

/** What answers the page: by the path and what is asked of it. Throws Error in words. */
export type Answer = (path: string, params: Readonly<Record<string, string>>) => Promise<object>;

let answer: Answer = overHttp;

/** From now on somebody else than the server answers. */
export function answerBy(other: Answer): void {
	answer = other;
}

/** Asks for a view. Throws Error with the words of who answers. */
export async function ask<T>(path: string, params: Readonly<Record<string, string>>): Promise<T> {
	return (await answer(path, params)) as T;
}

/** Writes to the case what a person says. Throws Error with the server's words. */
export async function mark(said: Readonly<Record<string, string | number>>): Promise<{ readonly id: string }> {
	const headers = { "content-type": "application/json" };
	const response = await fetch("/api/mark", { method: "POST", credentials: "same-origin", headers, body: JSON.stringify(said) });
	if (!response.ok) throw new Error(wordsOf(await response.text()));
	return (await response.json()) as { readonly id: string };
}

async function overHttp(path: string, params: Readonly<Record<string, string>>): Promise<object> {
	const response = await fetch(`/api/${path}?${new URLSearchParams(params)}`, { credentials: "same-origin" });
	if (response.ok) return (await response.json()) as object;
	const said = await response.text();
	throw new Error(wordsOf(said));
}

function wordsOf(said: string): string {
	try {
		return (JSON.parse(said) as { error: { message: string } }).error.message;
	} catch {
		return said;
	}
}
