//! Registering an organisation, changing it, merging two of them and undoing it.

use serde_json::json;
use socle::{
    change::{Act, Decision, Stored},
    clock::Day,
    db::Tx,
    errors::{Erreur, Refus},
    permissions::authorise,
};
use uuid::Uuid;

use super::notifications;
use crate::{
    domain::{
        forme::FormeJuridique,
        identifiant::Rna,
        notification::GenreNotification,
        organisation::{Etablissement, EtatOrganisation, Fusion, Motivation, NomDate, Organisation, Paire, SourceNom},
        perimetre::Perimetre,
    },
    permissions::{CreerOrganisation, FusionnerOrganisations, ModifierOrganisation},
    reconnaissance::jour,
    store::{
        attribution as attributions, fusion_organisation as fusions,
        organisation::{self as store, Numero},
    },
};

/// What is known of an organisation that is being registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nouvelle {
    /// Its form.
    pub forme: FormeJuridique,
    /// Its name.
    pub nom: String,
    /// Who gave the name.
    pub source: SourceNom,
    /// Its number as an association.
    pub rna: Option<Rna>,
    /// Its first establishment.
    pub etablissement: Etablissement,
}

/// What a person corrects of an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Its form.
    pub forme: FormeJuridique,
    /// Its name.
    pub nom: String,
    /// Since when it bears that name.
    pub depuis: Day,
    /// Its number as an association.
    pub rna: Option<Rna>,
}

/// Two requests may register one number at once: the second finds it taken.
fn deja_pris(erreur: Erreur) -> Erreur {
    if erreur.est_doublon() { Erreur::Conflit } else { erreur }
}

/// Refuses a number that another organisation bears already.
async fn verifier_libre(
    tx: &mut Tx,
    champ: &'static str,
    numero: Option<Numero<'_>>,
    sauf: Uuid,
) -> Result<(), Erreur> {
    let Some(numero) = numero else { return Ok(()) };
    match store::par_numero(tx, numero).await? {
        Some(id) if id != sauf => Err(Refus::champ(
            champ,
            "une organisation enregistrée ici porte déjà ce numéro : cherchez-la dans la liste",
        )
        .into()),
        _ => Ok(()),
    }
}

/// Registers an organisation with its first establishment.
///
/// # Errors
/// When it would lie out of the actor's reach, or when one of its numbers is known here.
pub async fn creer(act: &Act<'_>, tx: &mut Tx, nouvelle: Nouvelle, jour: Day) -> Result<Organisation, Erreur> {
    let id = act.id();
    let Nouvelle {
        forme,
        nom,
        source,
        rna,
        etablissement,
    } = nouvelle;
    let siren = etablissement.identifiant.siren();
    verifier_libre(tx, "numero", siren.as_ref().map(|n| Numero::Siren(n.as_str())), id).await?;
    verifier_libre(tx, "numero", Numero::de(&etablissement.identifiant), id).await?;
    verifier_libre(tx, "rna", rna.as_ref().map(|n| Numero::Rna(n.as_str())), id).await?;
    let organisation = Organisation {
        id,
        forme,
        siren: None,
        rna,
        noms: vec![NomDate {
            id: act.id(),
            nom,
            source,
            du: jour,
            au: None,
        }],
        etablissements: Vec::new(),
        absorbees: Vec::new(),
        etat: EtatOrganisation::Active,
        creee_at: act.at,
        version: 0,
    };
    let organisation = organisation.ajouter(etablissement)?;
    let detail = json!({ "forme": forme.code(), "nom": source.code() });
    act.create::<CreerOrganisation, _>(tx, Decision::new(organisation, detail).tell("comptes.organisation"))
        .await
        .map_err(deja_pris)
}

/// Corrects what an organisation says of itself, as it was seen at `vue`.
///
/// # Errors
/// When it is absent, out of reach, changed since it was seen, or when the rules refuse.
pub async fn corriger(
    act: &Act<'_>,
    tx: &mut Tx,
    (id, vue): (Uuid, i64),
    correction: Correction,
) -> Result<Organisation, Erreur> {
    verifier_libre(tx, "rna", correction.rna.as_ref().map(|n| Numero::Rna(n.as_str())), id).await?;
    let nom = NomDate {
        id: act.id(),
        nom: correction.nom,
        source: SourceNom::Declare,
        du: correction.depuis,
        au: None,
    };
    act.change::<ModifierOrganisation, Organisation>(tx, id, Some(vue), |organisation, _| {
        encore_active(&organisation)?;
        let mut champs = Vec::new();
        let mut suite = organisation.clone();
        if suite.nom() != nom.nom {
            suite = nommer(suite, nom)?;
            champs.push("nom");
        }
        if suite.forme != correction.forme {
            champs.push("forme");
        }
        if suite.rna != correction.rna {
            champs.push("rna");
        }
        suite.forme = correction.forme;
        suite.rna = correction.rna;
        Ok(Decision::new(suite, json!({ "champs": champs })).tell("comptes.organisation"))
    })
    .await
    .map_err(deja_pris)
}

/// Gives a name that shows at once: one that a later name of another source would hide is refused.
fn nommer(organisation: Organisation, nom: NomDate) -> Result<Organisation, Refus> {
    let voulu = nom.nom.clone();
    let suite = organisation.renommer(nom)?;
    let cachant = suite
        .noms
        .iter()
        .find(|n| n.au.is_none() && n.nom == suite.nom() && n.nom != voulu);
    match cachant {
        None => Ok(suite),
        Some(autre) => Err(Refus::champ(
            "du",
            format!(
                "un autre nom ({}) vaut depuis le {}\u{a0}: choisissez ce jour ou un jour plus tardif",
                autre.source.libelle(),
                ui::formats::date(autre.du, ui::langue::Langue::Fr)
            ),
        )),
    }
}

fn encore_active(organisation: &Organisation) -> Result<(), Refus> {
    match organisation.etat {
        EtatOrganisation::Active => Ok(()),
        EtatOrganisation::Fusionnee { .. } => Err(Refus::new(
            "cette fiche a été réunie à une autre : c’est l’autre qu’il faut modifier",
        )),
    }
}

/// Adds an establishment to an organisation, as it was seen at `vue`.
///
/// # Errors
/// When the organisation is absent, out of reach or changed since, or when the establishment is known or belongs elsewhere.
pub async fn ajouter_etablissement(
    act: &Act<'_>,
    tx: &mut Tx,
    (id, vue): (Uuid, i64),
    etablissement: Etablissement,
) -> Result<Organisation, Erreur> {
    verifier_libre(tx, "numero", Numero::de(&etablissement.identifiant), id).await?;
    act.change::<ModifierOrganisation, Organisation>(tx, id, Some(vue), |organisation, _| {
        encore_active(&organisation)?;
        let detail = json!({ "etablissement": etablissement.id, "genre": etablissement.identifiant.genre() });
        Ok(Decision::new(organisation.ajouter(etablissement)?, detail).tell("comptes.organisation"))
    })
    .await
    .map_err(deja_pris)
}

/// The two organisations of a merge, both within the actor's reach.
///
/// # Errors
/// When one is absent or out of reach.
pub async fn paire(act: &Act<'_>, tx: &mut Tx, reste: Uuid, part: Uuid) -> Result<Paire, Erreur> {
    let mut charger = async |id| -> Result<Organisation, Erreur> {
        let organisation = Organisation::load(tx, id).await?.ok_or(Erreur::Introuvable)?;
        authorise::<FusionnerOrganisations>(act.actor, &organisation)?;
        Ok(organisation)
    };
    Ok(Paire {
        reste: charger(reste).await?,
        part: charger(part).await?,
    })
}

/// Makes one organisation of two, as both were seen.
///
/// # Errors
/// When one is absent, out of reach or changed since it was seen, or when the rules refuse.
pub async fn fusionner(
    act: &Act<'_>,
    tx: &mut Tx,
    (reste, vue_reste): (Uuid, i64),
    (part, vue_part): (Uuid, i64),
    raison: &str,
) -> Result<Fusion, Erreur> {
    let motivation = Motivation::lire(act.id(), act.at, raison)?;
    let avant = paire(act, tx, reste, part).await?;
    let phrase = format!(
        "La fiche de «\u{a0}{}\u{a0}» a été réunie à celle de «\u{a0}{}\u{a0}». Vos fonctions valent pour les deux.",
        avant.part.nom(),
        avant.reste.nom()
    );
    let (apres, fusion) = avant.fusionner(motivation)?;
    let detail = json!({ "fusion": fusion.id, "reste": reste, "part": part });
    // Whoever goes is written first: it gives up the numbers that the other takes.
    garder(act, tx, apres.part, vue_part, &detail).await?;
    garder(act, tx, apres.reste, vue_reste, &detail).await?;
    fusions::garder(tx, &fusion).await?;
    prevenir(act, tx, part, &phrase).await?;
    Ok(fusion)
}

/// Tells who holds something over the file that goes, or that comes back.
async fn prevenir(act: &Act<'_>, tx: &mut Tx, part: Uuid, phrase: &str) -> Result<(), Erreur> {
    let titulaires = attributions::de_perimetre(tx, &Perimetre::Organisation(part), jour(act.at)).await?;
    for personne in titulaires {
        let ou = (phrase.to_owned(), "/compte");
        notifications::prevenir(act, tx, personne, GenreNotification::Fonction, ou).await?;
    }
    Ok(())
}

/// Gives back to each organisation what a merge had joined.
///
/// # Errors
/// When the merge is absent, out of reach, or was undone before.
pub async fn separer(act: &Act<'_>, tx: &mut Tx, id: Uuid) -> Result<Fusion, Erreur> {
    let gardee = fusions::trouver(tx, id).await?.ok_or(Erreur::Introuvable)?;
    let fusion = gardee.fusion;
    // The one that went holds nothing: whoever may act on the one that stays may give back.
    let reste = Organisation::load(tx, fusion.reste).await?.ok_or(Erreur::Introuvable)?;
    authorise::<FusionnerOrganisations>(act.actor, &reste)?;
    let part = Organisation::load(tx, fusion.part).await?.ok_or(Erreur::Introuvable)?;
    if gardee.defaite_at.is_some() || !fusions::defaire(tx, id, act.at).await? {
        return Err(Refus::new("ces deux fiches ont déjà été séparées").into());
    }
    let vues = (reste.version, part.version);
    let apres = Paire { reste, part }.defaire(&fusion)?;
    let detail = json!({ "fusion": id, "separe": true });
    let phrase = format!(
        "La fiche de «\u{a0}{}\u{a0}» n’est plus réunie à celle de «\u{a0}{}\u{a0}». Vos fonctions valent pour la première.",
        apres.part.nom(),
        apres.reste.nom()
    );
    garder(act, tx, apres.reste, vues.0, &detail).await?;
    rendre(act, tx, apres.part, vues.1, detail).await?;
    prevenir(act, tx, fusion.part, &phrase).await?;
    Ok(fusion)
}

async fn garder(
    act: &Act<'_>,
    tx: &mut Tx,
    suite: Organisation,
    vue: i64,
    detail: &serde_json::Value,
) -> Result<(), Erreur> {
    let detail = detail.clone();
    act.change::<FusionnerOrganisations, Organisation>(tx, suite.id, Some(vue), |_, _| {
        Ok(Decision::new(suite, detail).tell("comptes.organisation"))
    })
    .await
    .map(drop)
}

/// Writes back the one that had gone: while it was merged it lay nowhere, so that what it becomes is what is authorised.
async fn rendre(
    act: &Act<'_>,
    tx: &mut Tx,
    suite: Organisation,
    vue: i64,
    detail: serde_json::Value,
) -> Result<(), Erreur> {
    let permis = authorise::<FusionnerOrganisations>(act.actor, &suite)?;
    if suite.version != vue || !suite.update(tx).await? {
        return Err(Erreur::Conflit);
    }
    act.journal(tx, &permis, (Organisation::KIND, suite.id), detail, &[])
        .await
}
