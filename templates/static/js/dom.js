// Small helpers: elements, and addresses and numbers as the server writes them.

const BASE = document.documentElement.dataset.base ?? ''; // path of the site in URLs

// The URL of a path on this site.
export const linkTo = (path) => BASE + path;

export const $ = (selector) => document.querySelector(selector);

// Creates an element with attributes (null ones are omitted) and content; strings become text nodes.
export function element(name, attributes, ...content) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(key, value);
  node.append(...content);
  return node;
}

export const hidden = (text) => element('span', { class: 'visually-hidden' }, text);

export const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ',');
