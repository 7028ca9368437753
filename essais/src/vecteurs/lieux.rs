//! The reference's functions on the national standard, cleaning and import.

use ::territoire::{CodeCommune, Point};
use lieux::domain::{
    contact::{Courriel, SiteWeb, Telephone},
    correspondance::{Choix, Texte, libelles},
    export::{csv::ecrire_ligne, json::objet, ligne::CodesInsee},
    import::interpreter,
    lieu::{DATE_INCONNUE, Lieu},
    listes::{Dispositif, Itinerance, ListeFermee, Service},
    nettoyage::{
        acces_libre::{self, FicheErp},
        adresse, commune, date, position, presentation, typologie,
    },
    pivot::Pivot,
    standard::{colonnes::COLONNES, ligne::Ligne},
    typologie::Typologie,
};
use serde::Deserialize;
use serde_json::{Map, json};

use super::deviations::Predicat;
use super::valeur::{self, argument, texte};
use super::{Contexte, Fonction, Retour, Valeur, Vecteur, fiches};

/// Reference name to our answer.
pub const TABLE: &[(&str, Fonction)] = &[
    ("communeField", |_, args| {
        Retour::de(commune::nettoyer_nom(texte(args, 1)))
    }),
    ("processAdresse", nettoyer_une_adresse),
    ("processDate", dater),
    ("processFicheAccesLibre", fiche_acces_libre),
    ("processItinerances", |_, args| {
        Retour::de(choisir::<Itinerance>(args, "itinerance"))
    }),
    ("processLocalisation", localiser),
    ("processPivot", pivot_nettoye),
    ("processPresentation", presenter),
    ("processServices", |_, args| {
        Retour::de(choisir::<Service>(args, "services"))
    }),
    ("processTypologies", deduire_les_typologies),
    ("Adresse", adresse_du_modele),
    ("Contact", contact_du_modele),
    ("Courriel", |_, args| {
        admettre(args, "CourrielError", |t| Courriel::lire(t).is_ok())
    }),
    ("Localisation", localisation_du_modele),
    ("Pivot", |_, args| {
        admettre(args, "PivotError", |t| Pivot::lire(t).is_ok())
    }),
    ("Rna", |_, args| {
        admettre(args, "RnaError", |t| matches!(Pivot::lire(t), Ok(Pivot::Rna(_))))
    }),
    ("Siret", |_, args| {
        admettre(args, "SiretError", |t| matches!(Pivot::lire(t), Ok(Pivot::Siret(_))))
    }),
    ("Url", |_, args| {
        admettre(args, "UrlError", |t| SiteWeb::lire(t).is_ok())
    }),
    ("fromSchemaLieuxDeMediationNumerique", lire_le_standard),
    ("toSchemaLieuxDeMediationNumerique", ecrire_le_standard),
    ("mediationNumeriqueToCsv", ecrire_en_csv),
];

/// Predicates of docs/deviations.md.
pub const CAS: &[(&str, Predicat)] = &[
    ("adresse-completee", adresse_completee),
    ("adresse-plausible", adresse_plausible),
    ("code-insee-mal-forme", code_insee_mal_forme),
    ("guillemet-ou-colonne-de-trop", guillemet_ou_colonne_de_trop),
    ("mots-colles", mots_colles),
    ("sans-service", sans_service),
    ("hors-de-la-commune", hors_de_la_commune),
];

/// A street that reads well, which the reference keeps in a list of places to drop.
fn adresse_plausible(vecteur: &Vecteur, obtenu: &Retour) -> bool {
    vecteur.assertion == "toThrow" && matches!(obtenu, Retour::Valeur(v) if v.get("voie").is_some())
}

/// A row without an INSEE code, which ours finds from the name and the postal code.
fn adresse_completee(vecteur: &Vecteur, obtenu: &Retour) -> bool {
    let mut lieux = vecteur.args().filter_map(Valeur::as_array).flatten();
    let sans_code = lieux.all(|l| l.get("code_insee").is_none());
    sans_code && matches!(obtenu, Retour::Valeur(v) if v.to_string().contains("code_insee"))
}

fn code_insee_mal_forme(vecteur: &Vecteur, obtenu: &Retour) -> bool {
    vecteur.assertion != "toThrow" && *obtenu == Retour::leve("CodeInseeError")
}

/// A row with a quote, a line break, or a column that the standard does not have.
fn guillemet_ou_colonne_de_trop(vecteur: &Vecteur, _: &Retour) -> bool {
    let mut champs = vecteur
        .args()
        .filter_map(Valeur::as_array)
        .flatten()
        .filter_map(Valeur::as_object)
        .flatten();
    champs.any(|(nom, v)| !COLONNES.contains(&nom.as_str()) || v.as_str().is_some_and(|t| t.contains(['"', '\n'])))
}

/// Two texts that only differ by the spaces that a line break left.
fn mots_colles(vecteur: &Vecteur, obtenu: &Retour) -> bool {
    let serre = |v: &Valeur| v.to_string().replace([' ', '\n'], "");
    matches!(obtenu, Retour::Valeur(v) if serre(v).len() == serre(&vecteur.attendu).len())
}

/// A place without services.
fn sans_service(vecteur: &Vecteur, obtenu: &Retour) -> bool {
    let standard = vecteur.args().filter_map(Valeur::as_array).flatten();
    let mut lieux = standard.filter(|l| l.get("nom").is_some());
    *obtenu == Retour::Valeur(json!([])) || lieux.any(|l| l.get("services").is_none_or(|s| s == ""))
}

/// A place whose coordinates are hundreds of kilometres from its commune.
fn hors_de_la_commune(vecteur: &Vecteur, _: &Retour) -> bool {
    let mut lieux = vecteur.args().filter_map(Valeur::as_array).flatten();
    lieux.any(|l| l["commune"] == "Reims" && l["latitude"] == 43.52609)
}

fn ligne(source: &Valeur) -> Ligne {
    let mut ligne = Ligne::default();
    for (nom, valeur) in source.as_object().into_iter().flatten() {
        let texte = match valeur {
            Valeur::Null => String::new(),
            Valeur::String(texte) => texte.clone(),
            autre => autre.to_string(),
        };
        ligne.ecrire(nom, texte);
    }
    ligne
}

fn regle<'d, T: Deserialize<'d> + Default>(regles: &'d Valeur, champ: &str) -> T {
    regles
        .get(champ)
        .and_then(|regle| T::deserialize(regle).ok())
        .unwrap_or_default()
}

/// The text of a field, by the rules of the second argument.
fn champ(args: &[Valeur], nom: &str) -> String {
    lire_champ(argument(args, 0), argument(args, 1), nom)
}

fn lire_champ(source: &Valeur, regles: &Valeur, nom: &str) -> String {
    regle::<Texte>(regles, nom).lire(&ligne(source))
}

fn choisir<L: ListeFermee>(args: &[Valeur], nom: &str) -> Vec<&'static str> {
    let choix: Vec<Choix> = regle(argument(args, 1), nom);
    let trouves = libelles(&choix, &ligne(argument(args, 0)));
    trouves
        .iter()
        .filter_map(|l| L::lire(l))
        .map(ListeFermee::ecrire)
        .collect()
}

fn nettoyer_une_adresse(_: &Contexte, args: &[Valeur]) -> Retour {
    let lire = |nom| lire_champ(argument(args, 1), argument(args, 2), nom);
    let (recue, code_postal) = (lire("adresse"), lire("code_postal"));
    let code_postal = adresse::code_postal(&code_postal, &recue).unwrap_or_default();
    let nom = Some(lire("commune"))
        .filter(|n| !n.is_empty())
        .or_else(|| adresse::commune_de(&recue))
        .unwrap_or_default();
    let Some(voie) = adresse::voie(&recue) else {
        return Retour::leve("VoieError");
    };
    match commune::resoudre(&nom, &code_postal, &lire("code_insee"), None) {
        Some(trouvee) => Retour::Valeur(json!({
            "voie": voie,
            "complement_adresse": adresse::complement(&lire("complement_adresse")),
            "commune": trouvee.nom,
            "code_postal": trouvee.code_postal,
            "code_insee": trouvee.code,
        })),
        None => Retour::leve("CommuneError"),
    }
}

fn dater(_: &Contexte, args: &[Valeur]) -> Retour {
    let instant = date::lire(&champ(args, "date_maj")).and_then(|d| d.to_zoned(jiff::tz::TimeZone::UTC).ok());
    Retour::Valeur(valeur::date(
        instant.map_or(jiff::Timestamp::UNIX_EPOCH, |z| z.timestamp()),
    ))
}

fn fiche_acces_libre(_: &Contexte, args: &[Valeur]) -> Retour {
    if let Some(site) = acces_libre::lire(&champ(args, "fiche_acces_libre")) {
        return Retour::de(site);
    }
    let dit = |v: &Valeur, champ: &str| v[champ].as_str().unwrap_or_default().to_owned();
    let erp = |v: &Valeur| FicheErp {
        nom: dit(v, "name"),
        siret: dit(v, "siret"),
        voie: format!("{} {}", dit(v, "numero"), dit(v, "voie")),
        code_postal: dit(v, "postal_code"),
        url: dit(v, "web_url"),
    };
    let erps: Vec<FicheErp> = argument(args, 2).as_array().into_iter().flatten().map(erp).collect();
    let (voie, code_postal) = (dit(argument(args, 3), "voie"), dit(argument(args, 3), "code_postal"));
    let trouvee = acces_libre::rapprocher(&champ(args, "nom"), &champ(args, "pivot"), &voie, &code_postal, &erps);
    trouvee.map_or_else(Retour::rien, Retour::de)
}

fn localiser(_: &Contexte, args: &[Valeur]) -> Retour {
    match position::lire(&champ(args, "latitude"), &champ(args, "longitude")) {
        Some(point) => Retour::de(point),
        None => Retour::rien(),
    }
}

fn pivot_nettoye(_: &Contexte, args: &[Valeur]) -> Retour {
    Retour::de(Pivot::lire(&champ(args, "pivot")).unwrap_or_default())
}

fn presenter(_: &Contexte, args: &[Valeur]) -> Retour {
    Retour::de(presentation::lire(
        &champ(args, "presentation_resume"),
        &champ(args, "presentation_detail"),
    ))
}

fn deduire_les_typologies(_: &Contexte, args: &[Valeur]) -> Retour {
    let mut codes = choisir::<Typologie>(args, "typologie");
    for deduite in typologie::deduire(&champ(args, "nom")) {
        if !codes.contains(&deduite.code()) {
            codes.push(deduite.code());
        }
    }
    let france_services = Dispositif::FranceServices.libelle();
    let services = choisir::<Dispositif>(args, "dispositif_programmes_nationaux").contains(&france_services);
    if services && !codes.contains(&Typologie::Rfs.code()) {
        codes.push(Typologie::Rfs.code());
    }
    Retour::de(codes)
}

/// The text itself when it is admitted: the reference's constructors return what they are given.
fn admettre(args: &[Valeur], erreur: &str, juste: impl Fn(&str) -> bool) -> Retour {
    if juste(texte(args, 0)) {
        Retour::de(argument(args, 0))
    } else {
        Retour::leve(erreur)
    }
}

fn adresse_du_modele(_: &Contexte, args: &[Valeur]) -> Retour {
    let dit = |champ: &str| argument(args, 0)[champ].as_str();
    let code_postal = dit("code_postal").unwrap_or_default();
    if code_postal.len() != 5 || !code_postal.bytes().all(|b| b.is_ascii_digit()) {
        return Retour::leve("CodePostalError");
    }
    if dit("code_insee").is_some_and(|code| code.parse::<CodeCommune>().is_err()) {
        return Retour::leve("CodeInseeError");
    }
    if !commune::caracteres_admis(dit("commune").unwrap_or_default()) {
        return Retour::leve("CommuneError");
    }
    if !adresse::caracteres_admis(dit("voie").unwrap_or_default()) {
        return Retour::leve("VoieError");
    }
    Retour::de(argument(args, 0))
}

fn contact_du_modele(_: &Contexte, args: &[Valeur]) -> Retour {
    let contact = argument(args, 0);
    let faux = |champ: &str, juste: &dyn Fn(&str) -> bool| {
        let textes = fiches::textes(contact, champ);
        textes.iter().any(|t| !juste(t))
    };
    for (champ, erreur, juste) in [
        (
            "telephone",
            "TelephoneError",
            &(|t: &str| Telephone::lire(t).is_ok()) as &dyn Fn(&str) -> bool,
        ),
        ("courriels", "CourrielError", &|t| Courriel::lire(t).is_ok()),
        ("site_web", "UrlError", &|t| SiteWeb::lire(t).is_ok()),
    ] {
        if faux(champ, juste) {
            return Retour::leve(erreur);
        }
    }
    Retour::de(contact)
}

fn localisation_du_modele(_: &Contexte, args: &[Valeur]) -> Retour {
    let degres = |champ: &str| argument(args, 0)[champ].as_f64().unwrap_or(f64::NAN);
    let (latitude, longitude) = (degres("latitude"), degres("longitude"));
    if Point::valide(0.0, latitude).is_none() {
        return Retour::leve("LatitudeError");
    }
    match Point::valide(longitude, latitude) {
        Some(point) => Retour::de(point),
        None => Retour::leve("LongitudeError"),
    }
}

fn lire_le_standard(_: &Contexte, args: &[Valeur]) -> Retour {
    let lieux = argument(args, 0).as_array().map(Vec::as_slice).unwrap_or_default();
    let lus = lieux
        .iter()
        .map(|lieu| interpreter(&ligne(lieu), "").map(|lu| modele(&lieu["id"], &lu.lieu)));
    match lus.collect::<Result<Vec<Valeur>, _>>() {
        Ok(modeles) => Retour::de(modeles),
        Err(motif) => Retour::Ignore(motif.to_string()),
    }
}

/// A place in the words of the reference's model.
fn modele(id: &Valeur, lieu: &Lieu) -> Valeur {
    let fiche = objet(lieu, CodesInsee::Communes);
    let dit = |champ: &str| fiche.get(champ).cloned().unwrap_or_default();
    let groupe = |champs: &[(&str, Valeur)]| -> Valeur {
        let remplis: Map<String, Valeur> = champs
            .iter()
            .filter(|(_, v)| !est_vide(v))
            .map(|(c, v)| ((*c).to_owned(), v.clone()))
            .collect();
        if remplis.is_empty() {
            Valeur::Null
        } else {
            remplis.into()
        }
    };
    let liste = |champ: &str| match dit(champ) {
        Valeur::String(texte) => json!(texte.split('|').collect::<Vec<_>>()),
        _ => Valeur::Null,
    };
    let listes: Map<String, Valeur> = LISTES.iter().map(|c| ((*c).to_owned(), liste(c))).collect();
    let mut modele = json!({
        "id": id,
        "nom": lieu.nom,
        "pivot": lieu.pivot,
        "adresse": groupe(&[
            ("code_postal", dit("code_postal")),
            ("code_insee", dit("code_insee")),
            ("commune", dit("commune")),
            ("voie", dit("adresse")),
            ("complement_adresse", dit("complement_adresse")),
        ]),
        "localisation": groupe(&[("latitude", dit("latitude")), ("longitude", dit("longitude"))]),
        "typologies": liste("typologie"),
        "contact": groupe(&[
            ("telephone", dit("telephone")),
            ("courriels", liste("courriels")),
            ("site_web", liste("site_web")),
        ]),
        "horaires": dit("horaires"),
        "presentation": groupe(&[("resume", dit("presentation_resume")), ("detail", dit("presentation_detail"))]),
        "source": dit("source"),
        "structure_parente": dit("structure_parente"),
        "fiche_acces_libre": dit("fiche_acces_libre"),
        "prise_rdv": dit("prise_rdv"),
        "date_maj": { "$date": format!("{}T00:00:00.000Z", lieu.date_maj) },
    });
    if let Some(champs) = modele.as_object_mut() {
        champs.extend(listes);
        champs.retain(|_, v| !est_vide(v));
    }
    modele
}

/// The lists of the model, which bear the names of the columns.
const LISTES: [&str; 10] = [
    "services",
    "publics_specifiquement_adresses",
    "prise_en_charge_specifique",
    "frais_a_charge",
    "itinerance",
    "dispositif_programmes_nationaux",
    "formations_labels",
    "autres_formations_labels",
    "modalites_acces",
    "modalites_accompagnement",
];

fn est_vide(valeur: &Valeur) -> bool {
    valeur.is_null() || valeur == ""
}

fn ecrire_le_standard(_: &Contexte, args: &[Valeur]) -> Retour {
    let codes = if argument(args, 1) == &json!(true) {
        CodesInsee::Arrondissements
    } else {
        CodesInsee::Communes
    };
    let ecrits = argument(args, 0)
        .as_array()
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(rang, modele)| {
            let mut ecrit = objet(&fiches::lieu(&aplatir(modele), rang), codes);
            ecrit.insert("id".to_owned(), modele["id"].clone());
            ecrit
        });
    Retour::de(ecrits.collect::<Vec<_>>())
}

/// The reference's model in the columns of the standard.
fn aplatir(modele: &Valeur) -> Valeur {
    let mut fiche = modele.clone();
    for (groupe, champs) in [
        (
            "adresse",
            &["code_postal", "code_insee", "commune", "complement_adresse"][..],
        ),
        ("localisation", &["latitude", "longitude"]),
        ("contact", &["telephone", "courriels", "site_web"]),
    ] {
        for champ in champs {
            fiche[*champ] = modele[groupe][*champ].clone();
        }
    }
    fiche["adresse"] = modele["adresse"]["voie"].clone();
    fiche["typologie"] = modele["typologies"].clone();
    fiche["presentation_resume"] = modele["presentation"]["resume"].clone();
    fiche["presentation_detail"] = modele["presentation"]["detail"].clone();
    let date = modele["date_maj"]
        .get("$date")
        .unwrap_or(&modele["date_maj"])
        .as_str()
        .unwrap_or_default();
    fiche["date_maj"] = json!(date.get(..10).map_or_else(|| DATE_INCONNUE.to_string(), str::to_owned));
    fiche
}

fn ecrire_en_csv(_: &Contexte, args: &[Valeur]) -> Retour {
    let mut sortie = Vec::new();
    let mut ecrire = |cellules: Vec<String>| ecrire_ligne(&mut sortie, cellules).is_ok();
    let mut ecrit = ecrire(COLONNES.map(str::to_owned).to_vec());
    for lieu in argument(args, 0).as_array().into_iter().flatten() {
        let lue = ligne(lieu);
        ecrit &= ecrire(COLONNES.map(|colonne| lue.brut(colonne).to_owned()).to_vec());
    }
    match String::from_utf8(sortie) {
        // The reference joins its rows: the last one has no line end.
        Ok(texte) if ecrit && texte.lines().count() > 1 => Retour::de(texte.trim_end_matches('\n')),
        Ok(texte) if ecrit => Retour::de(texte),
        _ => Retour::Ignore("le CSV ne s'écrit pas".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn une_configuration_de_la_reference_se_lit_comme_une_correspondance() {
        let args = [
            json!({"Numéro": "5", "Adresse": "rue Malakoff"}),
            json!({"adresse": {"joindre": {"colonnes": ["Numéro", "Adresse"], "séparateur": " "}}}),
        ];
        assert_eq!(champ(&args, "adresse"), "5 rue Malakoff");
    }
}
