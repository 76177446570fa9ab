// Says that there are new stories. Without it every page is complete.
"use strict";
(() => {
  const most = 100; // stories that are counted: of more it is enough to say so
  const live = document.getElementById("live");
  if (!live || !window.EventSource || !window.BroadcastChannel) return;
  const home = document.querySelector(".brand").getAttribute("href");
  // Browsers keep six connections to a host, for all of its tabs: the one that is looked at has the only stream.
  const tabs = new BroadcastChannel("streams");
  let after = live.dataset.after;
  let count = 0;
  let events = null;

  const stop = () => {
    if (events) events.close();
    events = null;
  };
  const follow = () => {
    if (document.hidden) return stop();
    if (events || count >= most) return;
    tabs.postMessage("mine");
    events = new EventSource(`${home}api/changes/stream?kind=new&after=${after}`);
    events.addEventListener("new", tell);
  };
  const tell = (event) => {
    after = event.lastEventId;
    count += 1;
    if (count >= most) stop();
    const link = document.createElement("a");
    link.href = home;
    link.textContent = count === 1 ? "1 new story" : `${count}${count < most ? "" : " or more"} new stories`;
    live.replaceChildren(link);
    live.hidden = false;
  };

  tabs.addEventListener("message", stop);
  document.addEventListener("visibilitychange", follow);
  addEventListener("focus", follow);
  addEventListener("pageshow", follow);
  addEventListener("pagehide", stop);
  follow();
})();
