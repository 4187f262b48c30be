// Small helps; every page works without them.
(function () {
  "use strict";
  var errors = document.getElementById("galat");
  if (errors) errors.focus();

  var sheet = document.getElementById("isian");
  if (!sheet) return;

  // The running sum of quantities.
  document.querySelectorAll("[data-sum]").forEach(function (box) {
    var field = document.getElementById(box.dataset.sum), bar = box.querySelector("progress");
    field.addEventListener("input", function () {
      var sum = 0;
      field.querySelectorAll("[data-weight]").forEach(function (one) {
        sum += (parseInt(one.value, 10) || 0) * one.dataset.weight;
      });
      box.querySelector("output").textContent = sum;
      if (bar) bar.value = Math.min(sum, bar.max);
      field.querySelectorAll(".warned").forEach(function (one) { one.remove(); });
    });
  });

  // Questions that hang on another answer show only when they are asked.
  function dependents() {
    sheet.querySelectorAll("[data-needs]").forEach(function (one) {
      var key = encodeURIComponent(one.dataset.needs).replace(/[!'()*]/g, escape), chosen = null;
      sheet.querySelectorAll("[name]").forEach(function (input) {
        if (input.name === "one:" + key && (input.checked || input.tagName === "SELECT")) chosen = input.value;
      });
      one.hidden = one.dataset.when.split("|").indexOf(chosen) < 0;
    });
  }
  sheet.addEventListener("change", dependents);
  dependents();

  // Autosave: a button waits for an answer under way, none begins once the form itself is sent, since the two would
  // meet as if they came from two phones, and no signal is said where «Tersimpan» stands.
  if (!("autosave" in sheet.dataset)) return;
  var busy = 0, waiting = null, sent = false;
  function say(text) {
    var place = document.getElementById("tersimpan"), first = place.firstChild;
    if (first && first.nodeType === 3) first.remove();
    place.prepend(text);
  }
  sheet.addEventListener("htmx:beforeSend", function () { busy += 1; });
  sheet.addEventListener("htmx:afterRequest", function (event) {
    busy = Math.max(0, busy - 1);
    if (!event.detail.successful) say("Belum tersimpan. Menunggu sinyal.");
    if (!busy && waiting) { var go = waiting; waiting = null; sheet.requestSubmit(go); }
  });
  sheet.addEventListener("submit", function (event) {
    if (busy) { event.preventDefault(); waiting = waiting || event.submitter; } else sent = true;
  });
  sheet.addEventListener("htmx:beforeRequest", function (event) { if (sent) event.preventDefault(); });
  sheet.addEventListener("input", function () { sent = false; });
  addEventListener("pageshow", function () { sent = false; });
  addEventListener("online", function () { sheet.dispatchEvent(new Event("change")); });
})();
