//! The accessibility page of a place on acceslibre.

use territoire::plier;

use super::contact::site_web;
use crate::domain::contact::SiteWeb;

/// From this likeness on (of 100), two folded texts name the same thing.
const RESSEMBLANCE: f64 = 0.97;

/// A place known to acceslibre.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FicheErp {
    /// Name of the place.
    pub nom: String,
    /// SIRET, possibly empty.
    pub siret: String,
    /// Number and street.
    pub voie: String,
    /// Five digits.
    pub code_postal: String,
    /// Page of the place.
    pub url: String,
}

/// The page that a text names: on acceslibre, and a page rather than a file of the site.
pub fn lire(texte: &str) -> Option<SiteWeb> {
    let site = site_web(texte)?;
    let chemin = site.as_str().split(['?', '#']).next().unwrap_or_default();
    let fichier = [".js", ".css", ".png", ".svg", ".ico"]
        .iter()
        .any(|extension| chemin.ends_with(extension));
    (!fichier).then_some(site)
}

/// The page of the only place of the same postal code that has the same SIRET, or nearly the same name or address.
pub fn rapprocher(nom: &str, siret: &str, voie: &str, code_postal: &str, fiches: &[FicheErp]) -> Option<SiteWeb> {
    let (nom, voie) = (plier(nom), plier(voie));
    let pareil =
        |a: &str, b: &str| !a.is_empty() && !b.is_empty() && strsim::normalized_levenshtein(a, b) >= RESSEMBLANCE;
    let voisines = || fiches.iter().filter(|f| f.code_postal == code_postal);
    let convient = |f: &&FicheErp| pareil(&plier(&f.nom), &nom) || pareil(&plier(&f.voie), &voie);
    let mut candidates = voisines().filter(convient);
    let premiere = candidates.next();
    let trouvee = match (premiere, candidates.next()) {
        (Some(seule), None) => Some(seule),
        (Some(_), Some(_)) => voisines()
            .filter(convient)
            .find(|f| !siret.is_empty() && f.siret == siret),
        (None, _) => None,
    };
    trouvee.and_then(|fiche| lire(&fiche.url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn un_fichier_du_site_n_est_pas_une_fiche() {
        assert!(lire("https://acceslibre.beta.gouv.fr/app/73-chambery/a/mairie/erp/mairie/").is_some());
        assert_eq!(lire("https://acceslibre.beta.gouv.fr/static/js/widget.js"), None);
        assert_eq!(lire(""), None);
    }

    #[test]
    fn deux_fiches_pareilles_ne_se_departagent_que_par_le_siret() {
        let fiche = |siret: &str, url: &str| FicheErp {
            nom: "France services".into(),
            siret: siret.into(),
            voie: "31 rue Jean Gallart".into(),
            code_postal: "49650".into(),
            url: url.into(),
        };
        let fiches = [fiche("1", "https://a.fr/1"), fiche("2", "https://a.fr/2")];
        let chercher = |siret| rapprocher("France Services", siret, "", "49650", &fiches).map(String::from);
        assert_eq!(chercher("2").as_deref(), Some("https://a.fr/2"));
        assert_eq!(chercher(""), None);
    }
}
