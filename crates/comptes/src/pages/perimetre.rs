//! The function and the perimeter that a form grants: what can be typed there, and what it names for who types it.

use super::fonctions::sien;
use crate::{
    domain::{
        fonction::Fonction,
        groupement::GenreGroupement,
        perimetre::{Genre, Perimetre, code_organisation},
    },
    store::{
        groupement,
        organisation::{self, Recherche},
        perimetre,
    },
};
use socle::{
    db::Tx,
    errors::Erreur,
    permissions::{Action, Actor, scope},
};
use territoire::plier;
use ui::{composants::Choix, form::Formulaire, formats::majuscule, gabarits::Champ};

/// The most organisations among which one is chosen by hand.
const CANDIDATS_MAX: usize = 10;
/// The most organisations among which an exact name is looked for.
const CHERCHEES_MAX: u32 = 100;

/// What is said of words that name no organisation.
const AUCUNE_ORGANISATION: &str = "aucune organisation de votre périmètre ne porte ce nom ni ce numéro\u{a0}: écrivez son SIREN, son SIRET, son RIDET ou son nom, ou faites-la d’abord enregistrer";

/// What was read of a form that grants.
#[derive(Debug, Default)]
pub struct Lecture {
    /// The function and its perimeter, when both read.
    pub lue: Option<(Fonction, Perimetre)>,
    /// The perimeters that the words typed may name, when there are several.
    pub candidats: Vec<Choix>,
}

/// The fields that grant: the functions that the actor may grant, and where.
///
/// # Errors
/// The engine's.
pub async fn champs(tx: &mut Tx, actor: &Actor, candidats: &[Choix]) -> Result<Vec<Champ>, Erreur> {
    let mut choix: Vec<Choix> = Fonction::TOUTES
        .iter()
        .filter(|f| actor.holds(f.role()))
        .flat_map(|f| f.accorde())
        .map(|f| Choix::new(f.code(), f.titre()))
        .collect();
    choix.dedup_by(|a, b| a.valeur == b.valeur);
    let sien = match sien(actor) {
        Some(sien) => perimetre::nom(tx, &sien).await?,
        None => "aucun".to_owned(),
    };
    let mut champs = vec![
        Champ::liste("fonction", "Fonction", choix),
        Champ::ligne("perimetre", "Périmètre")
            .aide(format!(
                "Un territoire, par exemple «\u{a0}Ain\u{a0}», «\u{a0}69\u{a0}» ou «\u{a0}Bourg-en-Bresse\u{a0}»\u{202f}; une organisation, par son numéro SIREN, SIRET ou RIDET, ou par son nom\u{202f}; un groupement, par son nom. Vide, c’est le vôtre\u{a0}: {sien}"
            ))
            .facultatif(),
    ];
    if !candidats.is_empty() {
        champs.push(Champ::radios(
            "perimetre_choisi",
            "Duquel s’agit-il\u{202f}?",
            candidats.to_vec(),
        ));
    }
    Ok(champs)
}

/// Reads the function and the perimeter that a form grants, among what the actor may reach by `A`.
///
/// # Errors
/// The engine's; what does not read is refused at its field.
pub async fn lire<A: Action>(tx: &mut Tx, form: &mut Formulaire, actor: &Actor) -> Result<Lecture, Erreur> {
    let fonction = form.lire("fonction", |code| {
        Fonction::depuis_code(code).ok_or("choisissez une fonction de la liste")
    });
    let Some(fonction) = fonction else {
        return Ok(Lecture::default());
    };
    let nomme = trouver::<A>(tx, actor, fonction, form).await?;
    // One chosen by hand stays chosen among the others, when something else is refused.
    if let Ok(choisi) = Perimetre::lire(form.valeur("perimetre_choisi")) {
        let candidats = match nomme {
            Nomme::Plusieurs(candidats) => candidats,
            Nomme::Un(_) | Nomme::Rien(_) => Vec::new(),
        };
        let lue = Some((fonction, choisi));
        return Ok(Lecture { lue, candidats });
    }
    match nomme {
        Nomme::Un(perimetre) => Ok(Lecture {
            lue: Some((fonction, perimetre)),
            candidats: Vec::new(),
        }),
        Nomme::Plusieurs(candidats) => {
            form.refuser(
                "perimetre_choisi",
                "plusieurs portent ce nom\u{a0}: choisissez celui dont il s’agit",
            );
            Ok(Lecture { lue: None, candidats })
        }
        Nomme::Rien(pourquoi) => {
            form.refuser("perimetre", pourquoi);
            Ok(Lecture::default())
        }
    }
}

async fn trouver<A: Action>(
    tx: &mut Tx,
    actor: &Actor,
    fonction: Fonction,
    form: &Formulaire,
) -> Result<Nomme, Erreur> {
    let texte = form.valeur("perimetre").trim();
    match sien(actor).filter(|_| texte.is_empty()) {
        Some(sien) => Ok(Nomme::Un(sien)),
        None => nommer::<A>(tx, actor, fonction.genres(), texte).await,
    }
}

/// What a text names.
#[derive(Debug)]
pub enum Nomme {
    /// One perimeter.
    Un(Perimetre),
    /// Several, to choose from.
    Plusieurs(Vec<Choix>),
    /// None, and why.
    Rien(String),
}

/// The perimeter of one of these kinds that a code, a number or a name names, organisations among those that the actor may reach by `A`.
///
/// # Errors
/// The engine's.
pub async fn nommer<A: Action>(tx: &mut Tx, actor: &Actor, genres: &[Genre], texte: &str) -> Result<Nomme, Erreur> {
    let territoire = match Perimetre::reconnaitre(texte, genres) {
        Ok(territoire) => return Ok(Nomme::Un(territoire)),
        Err(erreur) => erreur,
    };
    let mut nommes = Vec::new();
    if genres.contains(&Genre::Organisation) && !texte.is_empty() {
        nommes = organisations::<A>(tx, actor, texte).await?;
    }
    if genres.contains(&Genre::Groupement) && nommes.is_empty() {
        nommes = groupements(tx, texte).await?;
    }
    Ok(match nommes.as_slice() {
        [] if genres == [Genre::Organisation] => Nomme::Rien(AUCUNE_ORGANISATION.to_owned()),
        [] if genres.contains(&Genre::Organisation) => {
            Nomme::Rien(format!("{territoire}. {}", majuscule(AUCUNE_ORGANISATION)))
        }
        [] if genres.contains(&Genre::Groupement) => Nomme::Rien(format!("{territoire}, ou le nom d’un groupement")),
        [] => Nomme::Rien(territoire.to_string()),
        [un] => Perimetre::lire(&un.valeur).map_or_else(|e| Nomme::Rien(e.to_string()), Nomme::Un),
        plusieurs if plusieurs.len() > CANDIDATS_MAX => Nomme::Rien(
            "trop d’organisations portent ces mots\u{a0}: écrivez son nom entier, ou son numéro SIREN".to_owned(),
        ),
        plusieurs => Nomme::Plusieurs(plusieurs.to_vec()),
    })
}

/// The organisations within reach that a number or words name; the one whose whole name it is comes alone.
async fn organisations<A: Action>(tx: &mut Tx, actor: &Actor, texte: &str) -> Result<Vec<Choix>, Erreur> {
    let (_, portee) = scope::<A>(actor)?;
    let mut trouvees = organisation::lister(tx, &portee, &Recherche::lire(texte), None, CHERCHEES_MAX).await?;
    let plie = plier(texte);
    if trouvees.iter().any(|une| une.nom_plie == plie) {
        trouvees.retain(|une| une.nom_plie == plie);
    }
    let une = |une: &organisation::Bref| {
        let numero = une
            .siren
            .as_deref()
            .map_or("sans numéro SIREN".to_owned(), |n| format!("SIREN {n}"));
        let commune = une
            .commune
            .as_ref()
            .and_then(|c| Perimetre::lire(&format!("C:{c}")).ok());
        let ou = commune.map_or_else(String::new, |c| format!(", {}", c.nom()));
        Choix::new(code_organisation(une.id), une.nom.clone()).aide(format!("{numero}{ou}"))
    };
    Ok(trouvees.iter().map(une).collect())
}

/// The groups that bear this name.
async fn groupements(tx: &mut Tx, texte: &str) -> Result<Vec<Choix>, Erreur> {
    let trouves = groupement::nommes(tx, &plier(texte), CANDIDATS_MAX as u32).await?;
    let un = |un: groupement::Bref| {
        let genre = GenreGroupement::lire(&un.genre).map_or("", GenreGroupement::libelle);
        Choix::new(Perimetre::Groupement(un.id).code(), un.nom).aide(genre)
    };
    Ok(trouves.into_iter().map(un).collect())
}
