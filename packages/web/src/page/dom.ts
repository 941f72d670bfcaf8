/// <reference lib="dom" />

type Given = Readonly<Record<string, string | number | boolean | undefined>>;
type Child = Node | string;

const SVG = "http://www.w3.org/2000/svg";

/** An element of the page; text is only ever text. */
export function html<K extends keyof HTMLElementTagNameMap>(tag: K, given: Given = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
	return filled(document.createElement(tag), given, children);
}

/** An element of a picture. */
export function svg<K extends keyof SVGElementTagNameMap>(tag: K, given: Given = {}, ...children: Child[]): SVGElementTagNameMap[K] {
	return filled(document.createElementNS(SVG, tag) as SVGElementTagNameMap[K], given, children);
}

function filled<T extends Element>(element: T, given: Given, children: readonly Child[]): T {
	for (const [name, value] of Object.entries(given)) {
		if (value === undefined || value === false) continue;
		element.setAttribute(name, value === true ? "" : String(value));
	}
	element.append(...children);
	return element;
}

/** Text that somebody else wrote, in its own direction. */
export function told(text: string): HTMLElement {
	return html("bdi", {}, text);
}

/** A button that does something. */
export function button(words: string, does: () => void, given: Given = {}): HTMLButtonElement {
	const made = html("button", { type: "button", class: "inline", ...given }, words);
	made.addEventListener("click", does);
	return made;
}

/** What the page has under an id. */
export function part<T extends HTMLElement = HTMLElement>(id: string): T {
	return document.getElementById(id) as T;
}

/** A list of lines. */
export function list(lines: readonly Child[]): HTMLUListElement {
	return html("ul", {}, ...lines.map((line) => html("li", {}, line)));
}
