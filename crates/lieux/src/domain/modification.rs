//! Changing fields of a place by hand, under the rules of the import.

use jiff::civil::Date;
use serde::Serialize;
use socle::errors::Refus;

use super::{
    export::ligne::{CodesInsee, cellules},
    import::{Interpretee, Motif, Provenance, VALEUR_INCONNUE, interpreter},
    lieu::Lieu,
    standard::{
        colonnes::{COLONNES, liste_fermee},
        ligne::Ligne,
    },
};

/// Where a change by hand comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origine {
    /// The answer to a reported mistake.
    Signalement,
    /// Who answers for the place.
    Gestion,
}

impl Origine {
    /// Every origin.
    pub const TOUTES: [Self; 2] = [Self::Signalement, Self::Gestion];

    /// Its code in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Signalement => "signalement",
            Self::Gestion => "gestion",
        }
    }

    /// The origin that has this code.
    pub fn du_code(code: &str) -> Option<Self> {
        Self::TOUTES.into_iter().find(|o| o.code() == code)
    }

    /// The source that the page of the place names.
    pub fn source(self) -> &'static str {
        match self {
            Self::Signalement => "Signalement vérifié",
            Self::Gestion => "Structure qui gère le lieu",
        }
    }
}

/// The columns that are changed by hand; position, source and date follow from the others.
pub const MODIFIABLES: [&str; 25] = [
    "nom",
    "pivot",
    "adresse",
    "complement_adresse",
    "commune",
    "code_postal",
    "typologie",
    "telephone",
    "courriels",
    "site_web",
    "horaires",
    "presentation_resume",
    "presentation_detail",
    "itinerance",
    "structure_parente",
    "services",
    "publics_specifiquement_adresses",
    "prise_en_charge_specifique",
    "frais_a_charge",
    "dispositif_programmes_nationaux",
    "formations_labels",
    "modalites_acces",
    "modalites_accompagnement",
    "fiche_acces_libre",
    "prise_rdv",
];

/// A place as it becomes, and where its changed fields come from.
#[derive(Clone, Debug, PartialEq)]
pub struct Modification {
    /// The place.
    pub lieu: Lieu,
    /// What was typed and kept for each changed field.
    pub provenances: Vec<Provenance>,
}

/// A field that differs between two records, as the standard writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The column of the standard.
    pub champ: &'static str,
    /// Before.
    pub avant: String,
    /// After.
    pub apres: String,
}

/// What a record says in a column of the standard; lists are joined by `|`.
pub fn valeur(lieu: &Lieu, champ: &str) -> String {
    let mut cellules = COLONNES.into_iter().zip(cellules(lieu, CodesInsee::Communes));
    cellules
        .find(|(c, _)| *c == champ)
        .map(|(_, valeur)| valeur)
        .unwrap_or_default()
}

/// The fields in which two records differ, without identifier, source and date.
pub fn differences(avant: &Lieu, apres: &Lieu) -> Vec<Difference> {
    let [avant, apres] = [avant, apres].map(|lieu| cellules(lieu, CodesInsee::Communes));
    COLONNES
        .into_iter()
        .zip(avant.into_iter().zip(apres))
        .filter(|(champ, (a, b))| a != b && !["id", "source", "date_maj"].contains(champ))
        .map(|(champ, (avant, apres))| Difference { champ, avant, apres })
        .collect()
}

/// Gives a place what was typed in these columns, read as the import reads a file. The other fields stay as they are.
///
/// # Errors
/// What cannot be read, each at its column.
pub fn modifier(avant: &Lieu, saisies: &[(&'static str, String)], jour: Date) -> Result<Modification, Vec<Refus>> {
    let actuelle = ligne(avant);
    let changees: Vec<&(&'static str, String)> = saisies
        .iter()
        .filter(|(champ, texte)| MODIFIABLES.contains(champ) && actuelle.lire(champ) != texte.trim())
        .collect();
    let touche = |champs: &[&str]| changees.iter().any(|(champ, _)| champs.contains(champ));
    let mut saisie = actuelle.clone();
    for (champ, texte) in &changees {
        saisie.ecrire(champ, texte.trim());
    }
    let demenage = touche(&["commune", "code_postal"]);
    if demenage {
        for champ in ["code_insee", "latitude", "longitude"] {
            saisie.ecrire(champ, "");
        }
    }
    let lue = interpreter(&saisie, "").map_err(|motif| vec![Refus::champ(champ_du(&motif), motif.to_string())])?;
    let refus: Vec<Refus> = changees
        .iter()
        .filter_map(|(champ, texte)| illisible(champ, texte.trim(), &lue.provenances))
        .collect();
    if !refus.is_empty() {
        return Err(refus);
    }
    let mut champs: Vec<&str> = changees.iter().map(|(champ, _)| *champ).collect();
    if demenage && lue.lieu.adresse.code_insee != avant.adresse.code_insee {
        champs.extend(["code_insee", "latitude", "longitude"]);
    }
    Ok(greffer(avant, &actuelle, lue, &champs, jour))
}

fn ligne(lieu: &Lieu) -> Ligne {
    let cellules = cellules(lieu, CodesInsee::Communes);
    Ligne::nouvelle(0, COLONNES.into_iter().zip(cellules.iter().map(String::as_str)))
}

/// The record with these fields of the one that was read, and no other: reading again must not mend what nobody touched.
fn greffer(avant: &Lieu, actuelle: &Ligne, lue: Interpretee, champs: &[&str], jour: Date) -> Modification {
    let mut lieu = avant.clone();
    for champ in champs {
        reprendre(&mut lieu, &lue.lieu, champ);
    }
    // Stops that only repeat the hours follow them; those that were listed stay.
    let suivent = interpreter(actuelle, "").is_ok_and(|meme| meme.lieu.visites == avant.visites);
    if suivent && champs.iter().any(|c| ["horaires", "itinerance", "adresse"].contains(c)) {
        lieu.visites.clone_from(&lue.lieu.visites);
    }
    if lieu != *avant {
        lieu.date_maj = jour;
    }
    let provenances = lue
        .provenances
        .into_iter()
        .filter(|p| champs.contains(&p.champ))
        .collect();
    Modification { lieu, provenances }
}

fn reprendre(lieu: &mut Lieu, lu: &Lieu, champ: &str) {
    let lu = lu.clone();
    match champ {
        "nom" => lieu.nom = lu.nom,
        "pivot" => lieu.pivot = lu.pivot,
        "adresse" => lieu.adresse.voie = lu.adresse.voie,
        "complement_adresse" => lieu.adresse.complement = lu.adresse.complement,
        "commune" | "code_postal" | "code_insee" => {
            lieu.adresse.commune = lu.adresse.commune;
            lieu.adresse.code_postal = lu.adresse.code_postal;
            lieu.adresse.code_insee = lu.adresse.code_insee;
        }
        "latitude" | "longitude" => lieu.position = lu.position,
        "typologie" => lieu.typologies = lu.typologies,
        "telephone" => lieu.contact.telephone = lu.contact.telephone,
        "courriels" => lieu.contact.courriels = lu.contact.courriels,
        "site_web" => lieu.contact.sites_web = lu.contact.sites_web,
        "horaires" => lieu.horaires = lu.horaires,
        "presentation_resume" => lieu.presentation.resume = lu.presentation.resume,
        "presentation_detail" => lieu.presentation.detail = lu.presentation.detail,
        "itinerance" => lieu.itinerance = lu.itinerance,
        "structure_parente" => lieu.structure_parente = lu.structure_parente,
        "services" => lieu.services = lu.services,
        "publics_specifiquement_adresses" => lieu.publics = lu.publics,
        "prise_en_charge_specifique" => lieu.prises_en_charge = lu.prises_en_charge,
        "frais_a_charge" => lieu.frais = lu.frais,
        "dispositif_programmes_nationaux" => lieu.dispositifs = lu.dispositifs,
        "formations_labels" => lieu.formations = lu.formations,
        "modalites_acces" => lieu.modalites_acces = lu.modalites_acces,
        "modalites_accompagnement" => lieu.modalites_accompagnement = lu.modalites_accompagnement,
        "fiche_acces_libre" => lieu.fiche_acces_libre = lu.fiche_acces_libre,
        "prise_rdv" => lieu.prise_rdv = lu.prise_rdv,
        _ => {}
    }
}

/// The column at fault when a record can no longer be a place.
fn champ_du(motif: &Motif) -> &'static str {
    match motif {
        Motif::VoieAbsente(_) => "adresse",
        Motif::CommuneIntrouvable { .. } => "commune",
        Motif::PasDePublic => "modalites_acces",
        _ => "nom",
    }
}

/// Why what was typed in a column is not kept whole. An import leaves a bad value aside; a person can mend it.
fn illisible(champ: &'static str, texte: &str, provenances: &[Provenance]) -> Option<Refus> {
    if texte.is_empty() {
        return None;
    }
    let retenue = provenances.iter().find(|p| p.champ == champ);
    let gardes = retenue.map_or(0, |p| morceaux(&p.retenu));
    let perdus = match champ {
        "courriels" | "site_web" => morceaux(texte) > gardes,
        _ => gardes == 0 || retenue.is_some_and(|p| p.regle == VALEUR_INCONNUE),
    };
    let inconnu = champ == "pivot" && retenue.is_some_and(|p| p.retenu == super::pivot::Pivot::Inconnu.as_str());
    (perdus || inconnu).then(|| Refus::champ(champ, attendu(champ)))
}

fn morceaux(texte: &str) -> usize {
    texte.split(['|', ';', ',', ' ']).filter(|m| !m.is_empty()).count()
}

fn attendu(champ: &str) -> String {
    match champ {
        "telephone" => "ce numéro ne se lit pas : écrivez par exemple 04 74 00 00 00".into(),
        "courriels" => "une adresse de courriel ne se lit pas : écrivez par exemple accueil@exemple.fr, et séparez les adresses par une virgule".into(),
        "site_web" | "fiche_acces_libre" | "prise_rdv" => "cette adresse de site ne se lit pas : écrivez par exemple https://www.exemple.fr".into(),
        "horaires" => "ces horaires ne se lisent pas : écrivez par exemple « lundi au vendredi 9h-12h » ou « Mo-Fr 09:00-12:00 »".into(),
        "pivot" => "ce numéro n’est ni un SIRET, ni un RNA, ni un RIDET, ni un n° TAHITI".into(),
        _ => match liste_fermee(champ) {
            Some(libelles) => format!("choisissez dans cette liste : {}", libelles.join(" | ")),
            None => "cette valeur ne se lit pas".into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::listes::Frais;

    fn mairie() -> Lieu {
        let ligne = Ligne::nouvelle(
            1,
            [
                ("id", "1"),
                ("nom", "Mairie de Bourg"),
                ("adresse", "Place de l’Hôtel de Ville"),
                ("commune", "Bourg-en-Bresse"),
                ("code_postal", "01000"),
                ("code_insee", "01053"),
                ("latitude", "46.2052"),
                ("longitude", "5.2255"),
                ("telephone", "04 74 45 70 00"),
                ("horaires", "Mo-Fr 09:00-12:00"),
            ],
        );
        interpreter(&ligne, "Essai").unwrap().lieu
    }

    fn jour() -> Date {
        jiff::civil::date(2026, 3, 3)
    }

    fn changer(saisies: &[(&'static str, &str)]) -> Result<Vec<(&'static str, String)>, Vec<String>> {
        let saisies: Vec<_> = saisies.iter().map(|(c, v)| (*c, (*v).to_owned())).collect();
        let avant = mairie();
        let apres = modifier(&avant, &saisies, jour()).map_err(|refus| {
            refus
                .into_iter()
                .filter_map(|r| r.champ)
                .map(String::from)
                .collect::<Vec<_>>()
        })?;
        Ok(differences(&avant, &apres.lieu)
            .into_iter()
            .map(|d| (d.champ, d.apres))
            .collect())
    }

    #[test]
    fn une_valeur_corrigee_se_lit_comme_dans_un_import_et_ne_touche_rien_d_autre() {
        for (champ, tape, garde) in [
            ("telephone", "04.74.45.70.01", "+33474457001"),
            ("horaires", "lundi 9h-12h", "Mo 09:00-12:00"),
            ("frais_a_charge", "Gratuit", "Gratuit"),
            ("nom", "  Mairie   de Bourg-en-Bresse ", "Mairie de Bourg-en-Bresse"),
            ("telephone", "", ""),
        ] {
            assert_eq!(
                changer(&[(champ, tape)]).unwrap(),
                [(champ, garde.to_owned())],
                "{champ} {tape}"
            );
        }
        assert_eq!(changer(&[("nom", "Mairie de Bourg")]).unwrap(), []);
    }

    #[test]
    fn ce_qui_ne_se_lit_pas_se_refuse_a_son_champ() {
        for (champ, tape) in [
            ("telephone", "douze"),
            ("courriels", "accueil@exemple.fr, nulle part"),
            ("frais_a_charge", "Gratuit|Peut-être"),
            ("horaires", "True"),
            ("pivot", "123"),
            ("nom", ""),
            ("adresse", ""),
            ("commune", "Nulle-Part-les-Oies"),
        ] {
            assert_eq!(changer(&[(champ, tape)]).unwrap_err(), [champ], "{champ} {tape}");
        }
        assert_eq!(
            changer(&[("telephone", "douze"), ("horaires", "True")]).unwrap_err(),
            ["telephone", "horaires"]
        );
    }

    #[test]
    fn qui_demenage_change_de_commune_et_de_point_et_la_date_suit() {
        let saisies = [("commune", "Lyon".to_owned()), ("code_postal", "69001".to_owned())];
        let apres = modifier(&mairie(), &saisies, jour()).unwrap().lieu;
        assert_eq!(apres.adresse.code_insee.unwrap().as_str(), "69123");
        assert_ne!(apres.position, mairie().position);
        assert_eq!(apres.date_maj, jour());
        // The same commune spelt otherwise is no move.
        let saisies = [("commune", "Bourg en Bresse".to_owned())];
        assert_eq!(
            modifier(&mairie(), &saisies, jour()).unwrap().lieu.position,
            mairie().position
        );
    }

    #[test]
    fn une_liste_vide_efface_et_une_autre_remplace() {
        let saisies = [("frais_a_charge", "Gratuit|Payant".to_owned())];
        let payant = modifier(&mairie(), &saisies, jour()).unwrap().lieu;
        assert_eq!(payant.frais, [Frais::Gratuit, Frais::Payant]);
        let rien = modifier(&payant, &[("frais_a_charge", String::new())], jour()).unwrap();
        assert!(rien.lieu.frais.is_empty());
    }
}
