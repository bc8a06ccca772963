/* One page for when there is no connection. Nothing else goes through here: everything works without it. */
"use strict";

const KEPT = "offline";
const OFFLINE = "/offline";
const FRESH = 10 * 60 * 1000; /* Milliseconds for which the page is not asked for again. */
const FILES = /(?:href|src)="(\/static\/[^"]+)"/g;
let emptied = 0; /* How often it was emptied: a page that was on its way meanwhile is not kept. */

async function empty() {
  emptied += 1;
  await caches.delete(KEPT);
}

async function keptPage() {
  return (await caches.has(KEPT)) ? (await caches.open(KEPT)).match(OFFLINE) : undefined;
}

/* Keep the page of the reader whose pages the browser shows; "" is a visitor, for whom nothing is kept. */
async function keepFor(reader) {
  if (!reader) return empty();
  const kept = await keptPage();
  if (kept) {
    const age = Date.now() - Date.parse(kept.headers.get("Date"));
    if (kept.headers.get("Reader") === reader && age >= 0 && age < FRESH) return;
    if (kept.headers.get("Reader") !== reader) await empty();
  }
  const before = emptied;
  const answer = await fetch(OFFLINE, { cache: "no-store", headers: { Unasked: "true" } }).catch(() => null);
  if (!answer) return; /* What was kept of the same reader is better than nothing. */
  if (!answer.ok || answer.headers.get("Reader") !== reader) return empty();
  const files = Array.from((await answer.clone().text()).matchAll(FILES), ([, address]) => address);
  const answers = await Promise.all(files.map((address) => fetch(address, { headers: { Unasked: "true" } }).catch(() => null)));
  if (before !== emptied) return;
  await caches.delete(KEPT); /* Files of earlier versions go with it. */
  const cache = await caches.open(KEPT);
  await cache.put(OFFLINE, answer);
  await Promise.all(files.map((address, place) => answers[place]?.ok && cache.put(address, answers[place])));
  if (before !== emptied) await caches.delete(KEPT);
}

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  if (typeof event.data?.reader === "string") event.waitUntil(keepFor(event.data.reader));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.method === "POST" && address.pathname.endsWith("/sign-out")) {
    event.waitUntil(empty());
  } else if (request.method === "GET" && request.mode === "navigate") {
    event.respondWith(fetch(request).then(async (answer) => {
      if (answer.status === 401) await empty();
      return answer;
    }, async (problem) => {
      const kept = await keptPage();
      if (kept) return kept;
      throw problem;
    }));
  } else if (request.method === "GET" && address.pathname.startsWith("/static/")) {
    event.respondWith(fetch(request).catch(async (problem) => {
      const kept = (await caches.has(KEPT)) && await (await caches.open(KEPT)).match(request);
      if (kept) return kept;
      throw problem;
    }));
  }
});
