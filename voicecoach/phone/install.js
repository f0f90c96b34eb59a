// Keeps what was opened for when there is no network, where a browser allows it: on this machine, or over https.
(() => {
  "use strict";
  navigator.serviceWorker?.register("/worker.js").catch(() => undefined);
})();
