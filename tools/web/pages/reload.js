// Loads the page anew when "book serve" has made the book anew. The server adds this
// script to the pages that it shows; no published page has it.
"use strict";
const { at } = document.currentScript.dataset;
let news = null;

function listen() {
  if (document.hidden) { // a browser has only six connections to a host
    news?.close();
    news = null;
  } else if (news === null) {
    news = new EventSource("/_serve/news?at=" + encodeURIComponent(at));
    news.onmessage = () => {
      news.close();
      location.reload();
    };
  }
}

document.addEventListener("visibilitychange", listen);
listen();
