Stripe("pk_test_harbour").elements().create("card").mount("#card-element");
if (window.gtag) { gtag("event", "begin_checkout"); }
