jQuery(".add").on("click", function () { jQuery("#basket").text(Number(jQuery("#basket").text()) + 1); });
document.documentElement.classList.add("shop-ready");
