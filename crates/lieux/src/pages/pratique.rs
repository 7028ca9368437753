//! The words of the pages that exist in French and English only: sheets, poster, reports, calendar, open data, embedding.

use serde::Deserialize;
use ui::{
    langue::Langue,
    page::{Lien, Page},
    textes::{Phrase, Textes},
};

/// The words in both languages.
pub static MOTS: Textes<Mots> = Textes::en_francais(include_str!("../../langues/pratique/fr.toml"))
    .et(Langue::En, include_str!("../../langues/pratique/en.toml"));

/// The words in the language of a page.
pub fn mots(page: &Page) -> &'static Mots {
    MOTS.de(page.langue_generale())
}

/// Titles a page, which is kept out of search engines when it only repeats another one.
pub(super) fn preparer(page: &mut Page, titre: impl Into<String>, repete: bool) {
    page.titre = titre.into();
    page.noindex = repete;
    page.langues = vec![Langue::Fr, Langue::En];
    page.fil = vec![Lien::new(page.t().site.accueil.to_string(), page.url("/"))];
}

/// A file of `langues/pratique`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Mots {
    pub feuille: Feuille,
    pub signaler: Signaler,
    pub mois: Mois,
    pub donnees: Donnees,
    pub integrer: Integrer,
    pub semaine: Semaine,
}

/// The printed sheets.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Feuille {
    pub imprimer: Phrase,
    pub orientation: Phrase,
    pub orientation_chapo: Phrase,
    pub affiche: Phrase,
    pub adresse: Phrase,
    pub telephone: Phrase,
    pub horaires_titre: Phrase,
    pub horaires: Phrase,
    pub services: Phrase,
    pub acces: Phrase,
    pub prix: Phrase,
    pub passages: Phrase,
    pub retour: Phrase,
    pub en_ligne: Phrase,
    pub mise_a_jour: Phrase,
    pub date_inconnue: Phrase,
    pub personne: Phrase,
    pub besoin: Phrase,
    pub orienteur: Phrase,
    pub rien_envoye: Phrase,
    pub rendez_vous: Phrase,
    pub affiche_accroche: Phrase,
    pub affiche_gratuit: Phrase,
    pub telephoner: Phrase,
    pub code_qr: Phrase,
    pub flasher: Phrase,
}

/// Reporting a mistake.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Signaler {
    pub titre: Phrase,
    pub chapo: Phrase,
    pub champ: Phrase,
    pub message: Phrase,
    pub message_aide: Phrase,
    pub envoyer: Phrase,
    pub merci: Phrase,
    pub merci_texte: Phrase,
    pub champs: Champs,
}

/// What can be wrong, as people say it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field has the name of its column")]
pub struct Champs {
    pub nom: Phrase,
    pub adresse: Phrase,
    pub telephone: Phrase,
    pub courriels: Phrase,
    pub site_web: Phrase,
    pub horaires: Phrase,
    pub services: Phrase,
    pub frais_a_charge: Phrase,
    pub modalites_acces: Phrase,
    pub fiche_acces_libre: Phrase,
    pub presentation_detail: Phrase,
    pub itinerance: Phrase,
}

impl Champs {
    /// Each column with its words.
    pub fn tous(&self) -> [(&'static str, &Phrase); 12] {
        [
            ("nom", &self.nom),
            ("adresse", &self.adresse),
            ("telephone", &self.telephone),
            ("courriels", &self.courriels),
            ("site_web", &self.site_web),
            ("horaires", &self.horaires),
            ("services", &self.services),
            ("frais_a_charge", &self.frais_a_charge),
            ("modalites_acces", &self.modalites_acces),
            ("fiche_acces_libre", &self.fiche_acces_libre),
            ("itinerance", &self.itinerance),
            ("presentation_detail", &self.presentation_detail),
        ]
    }
}

/// The monthly page of a territory.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Mois {
    pub choix: Phrase,
    pub choix_commune: Phrase,
    pub choix_aucune: Phrase,
    pub titre: Phrase,
    pub chapo: Phrase,
    pub passages: Phrase,
    pub aucun: Phrase,
    pub permanents: Phrase,
    pub horaires_inconnus: Phrase,
    pub communes: Phrase,
    pub intercommunalites: Phrase,
    pub aucun_permanent: Phrase,
    pub precedent: Phrase,
    pub suivant: Phrase,
}

/// The open data.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Donnees {
    pub titre: Phrase,
    pub chapo: Phrase,
    pub france: Phrase,
    pub en_cours: Phrase,
    pub csv: Phrase,
    pub json: Phrase,
    pub geojson: Phrase,
    pub data_inclusion: Phrase,
    pub empreinte: Phrase,
    pub territoire: Phrase,
    pub territoire_texte: Phrase,
    pub licence_titre: Phrase,
    pub licence: Phrase,
    pub api: Phrase,
}

/// Embedding.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Integrer {
    pub titre: Phrase,
    pub chapo: Phrase,
    pub script: Phrase,
    pub cadre: Phrase,
    pub territoire: Phrase,
    pub filtres: Phrase,
    pub voir: Phrase,
    pub choisir: Phrase,
    pub choisir_aide: Phrase,
    pub sans_territoire: Phrase,
    pub partout: Phrase,
    pub departements: Phrase,
}

/// Days of the week that have the same hours.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a sentence that speaks for itself in the language files"
)]
pub struct Semaine {
    pub un_jour: Phrase,
    pub deux_jours: Phrase,
    pub jours: Phrase,
}

#[cfg(test)]
mod tests {
    #[test]
    fn chaque_langue_a_toutes_ses_phrases() {
        assert_eq!(super::MOTS.verifier(), []);
    }
}
