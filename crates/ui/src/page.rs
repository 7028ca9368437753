//! What every page knows: its address, its language, how the person wants to read it.

use crate::{
    assets, formats,
    langue::Langue,
    libelles::{Libelles, libelles},
    textes::{Phrase, Pluriel},
};
use axum::{
    extract::{FromRequestParts, OriginalUri},
    http::request::Parts,
};
use jiff::civil::{Date, Time};
use socle::{App, permissions::Actor, security::cookie};
use std::{borrow::Borrow, convert::Infallible};

/// The cookie that keeps the chosen appearance.
pub const COOKIE_APPARENCE: &str = "apparence";
/// The cookie that keeps the chosen version, text or complete.
pub const COOKIE_VERSION: &str = "version";

/// A count, owned or borrowed: templates hand values over by reference.
pub trait Compte {
    /// The count itself.
    fn compte(&self) -> u64;
}

impl Compte for u64 {
    fn compte(&self) -> u64 {
        *self
    }
}

impl Compte for u32 {
    fn compte(&self) -> u64 {
        u64::from(*self)
    }
}

impl Compte for usize {
    fn compte(&self) -> u64 {
        u64::try_from(*self).unwrap_or(u64::MAX)
    }
}

impl<T: Compte + ?Sized> Compte for &T {
    fn compte(&self) -> u64 {
        (**self).compte()
    }
}

/// The colours that the person wants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// What the device asks for.
    #[default]
    Auto,
    /// Light.
    Clair,
    /// Dark.
    Sombre,
}

impl Theme {
    /// The value kept in the cookie and sent by the form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Clair => "clair",
            Self::Sombre => "sombre",
        }
    }

    /// The appearance that a code names; anything else follows the device.
    pub fn depuis_code(code: &str) -> Self {
        match code {
            "clair" => Self::Clair,
            "sombre" => Self::Sombre,
            _ => Self::Auto,
        }
    }

    /// What the browser is told for its own controls.
    pub const fn color_scheme(self) -> &'static str {
        match self {
            Self::Auto => "light dark",
            Self::Clair => "light",
            Self::Sombre => "dark",
        }
    }
}

/// What the law asks to say of accessibility on every page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Conformite {
    /// Not audited, or less than half of the criteria met.
    #[default]
    NonConforme,
    /// At least half of the criteria met.
    Partielle,
    /// Every criterion met.
    Totale,
}

/// A link and its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lien {
    /// What is read.
    pub libelle: String,
    /// Where it goes: a whole address, base path included.
    pub url: String,
}

impl Lien {
    /// A link.
    pub fn new(libelle: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            libelle: libelle.into(),
            url: url.into(),
        }
    }
}

/// An entry of the main menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntreeMenu {
    /// The link.
    pub lien: Lien,
    /// Whether the page shown belongs to it.
    pub actif: bool,
}

/// The same page in another language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traduction {
    /// The language.
    pub langue: Langue,
    /// The address under this site, base path included.
    pub url: String,
}

/// What the base template needs; every template has it under the name `page`.
#[derive(Debug, Clone)]
pub struct Page {
    /// The path under which the application lives, empty or `/` and a name.
    pub base: String,
    /// The address that the public sees, without a final slash, base path included.
    pub adresse_publique: String,
    /// The title, without the site's name.
    pub titre: String,
    /// One sentence for search engines and shared links.
    pub description: Option<String>,
    /// The language of the page.
    pub langue: Langue,
    /// The chosen appearance.
    pub theme: Theme,
    /// Whether the page is in its text version, without font, script or picture.
    pub allege: bool,
    /// The path of the page in French, without base path: it starts with `/`.
    pub chemin: String,
    /// The query of the request, without `?`; it comes back in the links that change language or appearance.
    pub requete: String,
    /// The languages in which this page exists, its own included; empty when it exists in one.
    pub langues: Vec<Langue>,
    /// The path of reference, when the page can be reached by several addresses; it starts with `/`.
    pub canonique: Option<String>,
    /// Whether search engines must leave it out.
    pub noindex: bool,
    /// The main menu.
    pub menu: Vec<EntreeMenu>,
    /// Where the page stands, from home to its parent; the page itself is not in it.
    pub fil: Vec<Lien>,
    /// A line above the header, such as "Démonstration".
    pub bandeau: Option<String>,
    /// What is said of accessibility in the footer.
    pub conformite: Conformite,
    /// The scripts of the page, such as `recherche.js`; `base.js` is always there.
    pub scripts: Vec<&'static str>,
    /// Whether the page is shown inside another site: no header, no footer.
    pub integree: bool,
    /// Who is signed in, when someone is.
    pub acteur: Actor,
    /// What stands at the end of the header: signing in, or one's account.
    pub compte: Vec<EntreeMenu>,
    /// A warning that stays above every page, such as acting in someone's place.
    pub alerte: Option<Alerte>,
}

/// A warning above every page, with the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alerte {
    /// What is going on.
    pub texte: String,
    /// The word on the button that ends it.
    pub bouton: String,
    /// Where the button's form is sent.
    pub action: String,
}

impl Page {
    /// A page without title, at this path, for a person who chose nothing.
    pub fn new(base: &str, chemin: &str) -> Self {
        let (langue, chemin) = Langue::du_chemin(chemin);
        Self {
            base: base.to_owned(),
            adresse_publique: String::new(),
            titre: String::new(),
            description: None,
            langue,
            theme: Theme::default(),
            allege: false,
            chemin: chemin.to_owned(),
            requete: String::new(),
            langues: Vec::new(),
            canonique: None,
            noindex: false,
            menu: Vec::new(),
            fil: Vec::new(),
            bandeau: None,
            conformite: Conformite::default(),
            scripts: Vec::new(),
            integree: false,
            acteur: Actor::public(),
            compte: Vec::new(),
            alerte: None,
        }
    }

    /// The page that a request asks for under this base path: language from the path, choices from the cookies, text version on `Save-Data`.
    pub fn depuis(parts: &Parts, base: &str) -> Self {
        let uri = parts
            .extensions
            .get::<OriginalUri>()
            .map_or(&parts.uri, |original| &original.0);
        let chemin = uri
            .path()
            .strip_prefix(base)
            .filter(|c| c.starts_with('/'))
            .unwrap_or_else(|| uri.path());
        let mut page = Self::new(base, chemin);
        page.requete = uri.query().unwrap_or_default().to_owned();
        page.theme = cookie(&parts.headers, COOKIE_APPARENCE)
            .map(Theme::depuis_code)
            .unwrap_or_default();
        page.allege = match cookie(&parts.headers, COOKIE_VERSION) {
            Some(version) => version == "texte",
            None => parts
                .headers
                .get("save-data")
                .is_some_and(|v| v.as_bytes().eq_ignore_ascii_case(b"on")),
        };
        page
    }

    /// The same page under this title.
    pub fn intitulee(mut self, titre: impl Into<String>) -> Self {
        self.titre = titre.into();
        self
    }

    /// The words of the components in the page's language.
    pub fn t(&self) -> &'static Libelles {
        libelles(self.langue)
    }

    /// The address of a page of the site in the current language; the path starts with `/`.
    pub fn url(&self, chemin: &str) -> String {
        self.url_en(self.langue, chemin)
    }

    /// The address of a page that exists in French and English only: other languages are sent to the French one.
    pub fn url_generale(&self, chemin: &str) -> String {
        self.url_en(self.langue_generale(), chemin)
    }

    /// The language of the pages that exist in French and English only.
    pub fn langue_generale(&self) -> Langue {
        if self.langue == Langue::En {
            Langue::En
        } else {
            Langue::Fr
        }
    }

    /// The address of something that has no language: a form's target, a file, the API.
    pub fn fixe(&self, chemin: &str) -> String {
        format!("{}{chemin}", self.base)
    }

    /// The address of an embedded file under its hashed name.
    pub fn asset(&self, nom: &str) -> String {
        format!("{}/assets/{}", self.base, assets::nom_publie(nom))
    }

    /// The address of a page in this language.
    pub fn url_en(&self, langue: Langue, chemin: &str) -> String {
        match (langue.prefixe(), chemin) {
            ("", _) => format!("{}{chemin}", self.base),
            (prefixe, "/") => format!("{}{prefixe}", self.base),
            (prefixe, _) => format!("{}{prefixe}{chemin}", self.base),
        }
    }

    /// The address of this page, its query included, to come back to it.
    pub fn ici(&self) -> String {
        self.avec_requete(self.url(&self.chemin))
    }

    /// The same page in each language where it exists.
    pub fn traductions(&self) -> Vec<Traduction> {
        let url = |langue: &Langue| Traduction {
            langue: *langue,
            url: self.avec_requete(self.url_en(*langue, &self.chemin)),
        };
        self.langues.iter().map(url).collect()
    }

    /// The whole addresses of the page in each language, without query, for `hreflang`.
    pub fn alternatives(&self) -> Vec<Traduction> {
        let chemin = self.canonique.as_deref().unwrap_or(&self.chemin);
        let url = |langue: &Langue| Traduction {
            langue: *langue,
            url: self.absolue(&self.url_en(*langue, chemin)),
        };
        self.langues.iter().map(url).collect()
    }

    /// The whole address of reference, when there is one.
    pub fn url_canonique(&self) -> Option<String> {
        self.canonique.as_deref().map(|chemin| self.absolue(&self.url(chemin)))
    }

    /// A whole address, from one that starts with the base path.
    pub fn absolue(&self, url: &str) -> String {
        let sans_base = url.strip_prefix(self.base.as_str()).unwrap_or(url);
        format!("{}{sans_base}", self.adresse_publique)
    }

    /// The statement of accessibility, as the law words it.
    pub fn accessibilite(&self) -> &'static Phrase {
        let site = &self.t().site;
        match self.conformite {
            Conformite::NonConforme => &site.accessibilite_non_conforme,
            Conformite::Partielle => &site.accessibilite_partielle,
            Conformite::Totale => &site.accessibilite_totale,
        }
    }

    /// A sentence for a count.
    pub fn pluriel(&self, pluriel: &Pluriel, n: impl Compte) -> Phrase {
        pluriel.pour(n.compte(), self.langue)
    }

    /// A date in words, its year included.
    pub fn date(&self, jour: impl Borrow<Date>) -> String {
        formats::date(*jour.borrow(), self.langue)
    }

    /// A date in words without its year.
    pub fn jour_et_mois(&self, jour: impl Borrow<Date>) -> String {
        formats::jour_et_mois(*jour.borrow(), self.langue)
    }

    /// A time of day.
    pub fn heure(&self, heure: impl Borrow<Time>) -> String {
        formats::heure(*heure.borrow(), self.langue)
    }

    /// A whole number.
    pub fn entier(&self, n: impl Compte) -> String {
        formats::entier(n.compte(), self.langue)
    }

    /// A size of file.
    pub fn taille(&self, octets: impl Compte) -> String {
        formats::taille(octets.compte(), self.langue)
    }

    /// A distance in metres.
    pub fn distance(&self, metres: impl Borrow<f64>) -> String {
        formats::distance(*metres.borrow(), self.langue)
    }

    fn avec_requete(&self, url: String) -> String {
        if self.requete.is_empty() {
            url
        } else {
            format!("{url}?{}", self.requete)
        }
    }
}

/// Dresses every page, errors included, with what the ground does not know: the menu, the statement of accessibility.
///
/// A module gives it at start: `builder.insert(Arc::new(Habillage(|page| page.menu = …)))`.
#[derive(Debug, Clone, Copy)]
pub struct Habillage(pub fn(&mut Page));

/// Dresses every page with who is signed in; the context that owns people gives it.
#[derive(Debug, Clone, Copy)]
pub struct EnteteDeCompte(pub fn(&mut Page));

impl Page {
    /// The page that a request asks of this application.
    pub fn de_l_application(parts: &Parts, app: &App) -> Self {
        let mut page = Self::depuis(parts, &app.settings.base_path);
        app.settings.public_url.clone_into(&mut page.adresse_publique);
        if let Some(acteur) = parts.extensions.get::<Actor>() {
            page.acteur.clone_from(acteur);
        }
        page.bandeau = app.settings.demo.then(|| page.t().site.demonstration.to_string());
        if let Some(habillage) = app.try_part::<Habillage>() {
            (habillage.0)(&mut page);
        }
        if let Some(entete) = app.try_part::<EnteteDeCompte>() {
            (entete.0)(&mut page);
        }
        page
    }
}

impl FromRequestParts<App> for Page {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self::de_l_application(parts, app))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn parts(uri: &str, entetes: &[(&str, &str)]) -> Parts {
        let requete = entetes
            .iter()
            .fold(Request::get(uri), |r, (nom, valeur)| r.header(*nom, *valeur));
        requete.body(()).unwrap().into_parts().0
    }

    #[test]
    fn la_page_lit_la_langue_et_les_choix_de_la_personne() {
        let page = Page::depuis(
            &parts(
                "/en/lieux?q=lyon",
                &[("cookie", "autre=1; apparence=sombre; version=texte")],
            ),
            "",
        );
        assert_eq!(
            (page.langue, page.theme, page.allege),
            (Langue::En, Theme::Sombre, true)
        );
        assert_eq!(page.ici(), "/en/lieux?q=lyon");
        assert_eq!(page.chemin, "/lieux");
    }

    #[test]
    fn la_version_texte_suit_l_economie_de_donnees_sauf_choix_contraire() {
        let economie = ("save-data", "on");
        assert!(Page::depuis(&parts("/", &[economie]), "").allege);
        assert!(!Page::depuis(&parts("/", &[economie, ("cookie", "version=complete")]), "").allege);
        assert!(!Page::depuis(&parts("/", &[("save-data", "off")]), "").allege);
    }

    #[test]
    fn les_adresses_gardent_la_base_et_la_langue() {
        let mut page = Page::new("/aide", "/uk/lieux");
        page.adresse_publique = "https://exemple.fr/aide".into();
        page.canonique = Some("/lieux".into());
        page.langues = vec![Langue::Fr, Langue::Uk];
        assert_eq!(page.url("/"), "/aide/uk");
        assert_eq!(page.url("/lieux/1"), "/aide/uk/lieux/1");
        assert_eq!(page.url_generale("/mentions-legales"), "/aide/mentions-legales");
        assert_eq!(page.fixe("/preferences"), "/aide/preferences");
        assert_eq!(
            page.url_canonique().as_deref(),
            Some("https://exemple.fr/aide/uk/lieux")
        );
        let adresses: Vec<_> = page.alternatives().into_iter().map(|t| t.url).collect();
        assert_eq!(
            adresses,
            ["https://exemple.fr/aide/lieux", "https://exemple.fr/aide/uk/lieux"]
        );
    }
}
