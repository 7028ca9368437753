//! Giving a file of places, and the files given before.

use super::{PAR_PAGE, import::etat, paginer};
use crate::{
    actions::depot::{self as actions, Envoi, SOURCES_MAX},
    domain::depot::{Depot, OCTETS_MAX, SOURCE_MAX},
    permissions::ImporterLieux,
    references::IMPORT_ATTENTE,
    store::{depot as store, import::sources},
};
use axum::{
    extract::{Multipart, Query, State, multipart::Field},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use comptes::{
    domain::{fonction::Fonction, perimetre::Perimetre},
    pages::compte::quand,
    reconnaissance::jour,
};
use socle::{
    App,
    errors::{Erreur, Refus},
    permissions::{Actor, Grant, scope},
    reference,
};
use ui::{
    composants::{Choix, Colonne, Description, Tableau, Valeur},
    form::Formulaire,
    gabarits::{Champ, Liste, PageFormulaire},
    page::Page,
};

pub(super) const CHEMIN: &str = "/espace/import";
pub(super) const FUSEAU: &str = "Europe/Paris";

/// What the box sends.
const OUI: &str = "oui";
/// How many fields are read; the form has three.
const CHAMPS_MAX: usize = 4;
/// How much of the name of a source is kept, in bytes: enough that the rule of its length is told beside what was typed.
const SOURCE_LUE: usize = SOURCE_MAX * 8;

/// What a function and its perimeter are called.
pub(super) fn en_mots(fonction: &str, perimetre: &str) -> String {
    let titre = Fonction::TOUTES
        .iter()
        .find(|f| f.role() == fonction)
        .map(|f| f.titre());
    let nom = Perimetre::lire(perimetre).map_or_else(|_| perimetre.to_owned(), |p| p.nom());
    format!("{}, {nom}", titre.unwrap_or(fonction))
}

/// `GET /espace/import?avant=`
pub async fn montrer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let demande = Formulaire::rempli(valeurs);
    let avant = demande.valeur("avant").parse().ok();
    vue(&app, page, &actor, Formulaire::vide(), avant).await?.reponse()
}

async fn vue(
    app: &App,
    page: Page,
    actor: &Actor,
    form: Formulaire,
    avant: Option<uuid::Uuid>,
) -> Result<PageFormulaire, Erreur> {
    let (permis, portee) = scope::<ImporterLieux>(actor)?;
    let mut tx = app.db.read().await?;
    let attente = reference::value(&mut tx, &IMPORT_ATTENTE, jour(app.clock.now())).await?;
    let connues = sources(&mut tx, &portee, SOURCES_MAX).await?;
    let mut depots = store::lister_dans(&mut tx, &portee, avant, PAR_PAGE + 1).await?;
    drop(tx);
    let pagination = paginer(&page, CHEMIN, &mut depots, |dernier| {
        [("avant", dernier.id.to_string())]
    });
    let passe = Liste {
        titre: "Imports précédents".into(),
        tableau: tableau(&page, &depots),
        vide: (
            "Aucun import".into(),
            "Les fichiers déposés dans votre périmètre apparaîtront ici, avec ce qu’ils sont devenus.".into(),
        ),
        pagination,
    };
    let mut champs = vec![
        Champ::ligne("source", "Source").aide(format!(
            "Le réseau ou l’organisme qui tient ce fichier, {SOURCE_MAX} caractères au plus. Donnez toujours le même nom\u{a0}: un lieu que la source ne cite plus est retiré"
        ))
        .propositions(connues),
        Champ::fichier("fichier", "Fichier", ".csv,.json,.geojson,text/csv,application/json")
            .aide("CSV ou JSON, 10\u{a0}Mo au plus"),
    ];
    if form.erreur("nouvelle").is_some() || form.choisi("nouvelle", OUI) {
        let oui = Choix::new(OUI, "Oui, c’est une autre source");
        champs.insert(
            1,
            Champ::cases("nouvelle", "Une autre source que celle qui a presque ce nom", vec![oui]),
        );
    }
    Ok(
        PageFormulaire::new(page, "Importer un fichier de lieux", CHEMIN, "Déposer le fichier")
            .intro("Rien n’est publié avant que vous ayez vu ce qui change et confirmé.")
            .faits(consignes(permis.grant(), attente))
            .champs(champs)
            .form(form)
            .passe(passe),
    )
}

fn consignes(grant: &Grant, attente: i64) -> Vec<Description> {
    let formes = [
        "Le standard national des lieux de médiation numérique, version 1.0 ou 0.1",
        "Un fichier de Data Inclusion, ou d’une autre source déjà connue",
        "Un classeur (xlsx, ods) s’enregistre d’abord au format CSV dans votre tableur",
    ];
    vec![
        Description::new("Votre périmètre", en_mots(grant.role, &grant.perimeter)),
        Description::lignes("Ce qui se lit", formes.map(Valeur::texte).into()),
        Description::new(
            "Ce que devient le fichier",
            format!(
                "Il est gardé chiffré {attente} jours en attendant votre confirmation, et effacé dès qu’il est importé ou annulé"
            ),
        ),
    ]
}

fn tableau(page: &Page, depots: &[Depot]) -> Tableau {
    let ligne = |depot: &Depot| {
        let comptes = &depot.apercu.comptes;
        let nombres = [comptes.creees, comptes.modifiees, comptes.retirees, comptes.refusees];
        let mut cellules = vec![
            Valeur::lien(&depot.source, page.fixe(&format!("{CHEMIN}/{}", depot.id))),
            Valeur::texte(quand(page, depot.depose_at, FUSEAU)),
            Valeur::texte(en_mots(&depot.qualite.fonction, &depot.qualite.perimetre)),
            Valeur::Etiquette(etat(depot.etat)),
        ];
        cellules.extend(nombres.map(|n| Valeur::texte(n.to_string())));
        cellules
    };
    let mut colonnes: Vec<Colonne> = ["Source", "Déposé le", "Par", "État"].map(Colonne::new).into();
    colonnes.extend(["Créés", "Modifiés", "Retirés", "Lignes refusées"].map(Colonne::chiffres));
    Tableau {
        legende: "Fichiers déposés dans votre périmètre, les plus récents d’abord".to_owned(),
        colonnes,
        lignes: depots.iter().map(ligne).collect(),
    }
}

/// What a form with a file sent.
#[derive(Debug, Default)]
struct Recu {
    source: String,
    nouvelle: bool,
    nom: String,
    octets: Vec<u8>,
    trop_gros: bool,
}

/// `POST /espace/import`
pub async fn deposer(State(app): State<App>, page: Page, actor: Actor, envoi: Multipart) -> Result<Response, Erreur> {
    let recu = recevoir(envoi).await?;
    let mut form = Formulaire::vide().avec("source", &recu.source);
    if recu.nouvelle {
        form = form.avec("nouvelle", OUI);
    }
    if recu.trop_gros {
        form.refuser(
            "fichier",
            "ce fichier dépasse 10\u{a0}Mo\u{a0}: partagez-le en plusieurs sources, ou ôtez les colonnes inutiles",
        );
        let vue = vue(&app, page, &actor, form, None).await?;
        return Ok((StatusCode::PAYLOAD_TOO_LARGE, vue.reponse()?).into_response());
    }
    if recu.octets.is_empty() {
        form.refuser("fichier", "choisissez un fichier qui n’est pas vide");
    }
    form.lire("source", crate::domain::depot::lire_source);
    if !form.est_correct() {
        return vue(&app, page, &actor, form, None).await?.reponse();
    }
    let envoi = Envoi {
        nom: recu.nom,
        octets: recu.octets,
        source: recu.source,
        nouvelle: recu.nouvelle,
    };
    match actions::deposer(&app, &actor, envoi).await {
        Ok(id) => Ok(Redirect::to(&page.fixe(&format!("{CHEMIN}/{id}"))).into_response()),
        Err(erreur) => {
            form.refuser_de("fichier", erreur)?;
            vue(&app, page, &actor, form, None).await?.reponse()
        }
    }
}

/// Reads the fields of the form; of a file that is too large, nothing is kept.
async fn recevoir(mut envoi: Multipart) -> Result<Recu, Erreur> {
    let mut recu = Recu::default();
    for _ in 0..CHAMPS_MAX {
        let Some(champ) = envoi.next_field().await.map_err(interrompu)? else {
            break;
        };
        match champ.name() {
            Some("source") => {
                let (octets, _) = lire(champ, SOURCE_LUE).await?;
                recu.source = String::from_utf8_lossy(&octets).into_owned();
            }
            Some("nouvelle") => recu.nouvelle = lire(champ, OUI.len()).await?.0 == OUI.as_bytes(),
            Some("fichier") => {
                recu.nom = nom_court(champ.file_name().unwrap_or_default());
                (recu.octets, recu.trop_gros) = lire(champ, OCTETS_MAX).await?;
                if recu.trop_gros {
                    recu.octets = Vec::new();
                    return Ok(recu);
                }
            }
            _ => {}
        }
    }
    Ok(recu)
}

/// The last part of a name, since some browsers give a whole path.
fn nom_court(nom: &str) -> String {
    let dernier = nom.rsplit(['/', '\\']).next().unwrap_or_default();
    let court: String = dernier.chars().filter(|c| !c.is_control()).take(SOURCE_MAX).collect();
    if court.is_empty() { "sans nom".to_owned() } else { court }
}

/// The first `max` bytes of a field, and whether it is longer; what follows is read all the same, so that the browser hears the refusal.
async fn lire(mut champ: Field<'_>, max: usize) -> Result<(Vec<u8>, bool), Erreur> {
    let (mut octets, mut lus) = (Vec::new(), 0);
    loop {
        match champ.chunk().await {
            Ok(Some(morceau)) => {
                lus += morceau.len();
                let place = max - octets.len();
                octets.extend_from_slice(&morceau[..morceau.len().min(place)]);
            }
            // Beyond what the route reads, the sending is cut: too large is still what there is to say.
            Err(_) if lus > max => break,
            Err(erreur) => return Err(interrompu(erreur)),
            Ok(None) => break,
        }
    }
    Ok((octets, lus > max))
}

fn interrompu(_: axum::extract::multipart::MultipartError) -> Erreur {
    Erreur::Demande(Refus::champ(
        "fichier",
        "l’envoi du fichier s’est interrompu\u{a0}: déposez-le de nouveau",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn le_nom_d_un_fichier_ne_dit_pas_ou_il_etait() {
        assert_eq!(nom_court("C:\\Users\\awa\\lieux.csv"), "lieux.csv");
        assert_eq!(nom_court("/home/awa/lieux.json"), "lieux.json");
        assert_eq!(nom_court("lieux\0.csv"), "lieux.csv");
        assert_eq!(nom_court(""), "sans nom");
    }

    #[test]
    fn une_fonction_se_dit_avec_son_perimetre() {
        assert_eq!(en_mots("Prefecture", "D:01"), "Agent de préfecture, Ain (01)");
        assert_eq!(en_mots("Anct", "N"), "Agent de l’agence nationale, toute la France");
    }
}
