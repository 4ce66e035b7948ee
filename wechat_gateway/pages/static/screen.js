// Renews the screen every few seconds. While the network is gone the last board stays, and says so. Plain enough for an old television.
(function () {
  "use strict";
  var EVERY_MS = 4000, TIMEOUT_MS = 8000;

  function lost() {
    document.body.className = "cut";
    setTimeout(renew, EVERY_MS);
  }

  function renew() {
    var request = new XMLHttpRequest();
    request.open("GET", location.href);
    request.timeout = TIMEOUT_MS;
    request.onload = function () {
      var fresh = new DOMParser().parseFromString(request.responseText, "text/html").getElementById("screen");
      if (request.status !== 200 || !fresh) { lost(); return; }
      var shown = document.getElementById("screen");
      if (shown.innerHTML !== fresh.innerHTML) { shown.parentNode.replaceChild(document.importNode(fresh, true), shown); }
      document.body.className = "";
      setTimeout(renew, EVERY_MS);
    };
    request.onerror = request.ontimeout = lost;
    request.send();
  }

  setTimeout(renew, EVERY_MS);
})();
