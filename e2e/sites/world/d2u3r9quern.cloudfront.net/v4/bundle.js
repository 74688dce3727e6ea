document.querySelectorAll("pre").forEach(function (one) { var copy = document.createElement("button"); copy.textContent = "Copy"; one.append(copy); });
