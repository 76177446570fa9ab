// Says that there are new stories. Without it every page is complete.
"use strict";
(() => {
  const live = document.getElementById("live");
  if (!live || !window.EventSource || new URLSearchParams(location.search).has("before")) return;
  const home = document.querySelector(".brand").getAttribute("href");
  const events = new EventSource(`${home}api/changes/stream`);
  let count = 0;
  events.addEventListener("new", () => {
    count += 1;
    const link = document.createElement("a");
    link.href = home;
    link.textContent = count === 1 ? "1 new story" : `${count} new stories`;
    live.replaceChildren(link);
    live.hidden = false;
  });
})();
