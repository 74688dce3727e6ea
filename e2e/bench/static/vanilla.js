/* vanilla-cookieconsent as its documentation has it: a module of the site's own, loaded at the end of the body. */
import "/packages/vanilla-cookieconsent/dist/cookieconsent.umd.js";

CookieConsent.run({
  hideFromBots: false, // a driven browser counts as one
  categories: { necessary: { enabled: true, readOnly: true }, analytics: {}, marketing: {} },
  language: {
    default: "en",
    translations: {
      en: {
        consentModal: {
          title: "We use cookies",
          description: "With your consent, this site counts visits and shows advertisements elsewhere.",
          acceptAllBtn: "Accept all",
          acceptNecessaryBtn: "Reject all",
          showPreferencesBtn: "Manage preferences",
        },
        preferencesModal: {
          title: "Cookie preferences",
          acceptAllBtn: "Accept all",
          acceptNecessaryBtn: "Reject all",
          savePreferencesBtn: "Save",
          sections: [{ title: "Analytics", linkedCategory: "analytics" }],
        },
      },
    },
  },
});
