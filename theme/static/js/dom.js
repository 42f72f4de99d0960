// What the other scripts share. Text enters a page as text, never as HTML.

export function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

export function button(text, run) {
  return make("button", { type: "button", className: "action", onclick: run }, text);
}

export const words = (id = "words") => JSON.parse(document.getElementById(id).textContent);
// Of scripts that come only when they are needed; those of the others are in the page.
export const lateWords = async () => (await fetch(new URL("../../words.json", import.meta.url))).json();
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
export const inWeChat = /MicroMessenger/i.test(navigator.userAgent);

// #t=unbind.backup: steps ticked on another phone; no server sees it.
export const ticksInAddress = () => /^#t=(.*)/.exec(location.hash)?.[1].split(".") ?? [];
