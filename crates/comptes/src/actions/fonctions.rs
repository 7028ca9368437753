//! Granting, ending and delegating functions.

use super::notifications;
use crate::{
    domain::{
        attribution::{Accord, Attribution, EtatAttribution},
        delegation::{Acte, Delegation},
        fonction::Fonction,
        notification::GenreNotification,
        perimetre::{Perimetre, Portee},
        personne::Personne,
        separation::{Demande, Levee},
    },
    permissions::{AccorderFonction, DeleguerFonction, LeverSeparation, RetirerFonction},
    reconnaissance::jour,
    store::{delegation as delegations, perimetre as perimetres, personne as personnes},
};
use serde_json::json;
use socle::{
    change::{Act, Decision, Stored},
    clock::Day,
    db::Tx,
    errors::{Erreur, Refus},
    permissions::{Action, Actor, Everything, Grant, Permit, authorise},
};
use uuid::Uuid;

/// Whether the function in which someone acts may grant this one over this perimeter: what it may grant, inside its own perimeter.
///
/// # Errors
/// When it may not.
pub fn exiger_accordable(grant: &Grant, fonction: Fonction, perimetre: &Perimetre) -> Result<(), Refus> {
    let qui = Fonction::TOUTES.iter().find(|f| f.role() == grant.role);
    let permise = grant.role == socle::permissions::OPERATEUR || qui.is_some_and(|f| f.accorde().contains(&fonction));
    if !permise {
        return Err(Refus::champ(
            "fonction",
            "votre fonction ne permet pas d’accorder celle-ci : adressez-vous à un administrateur",
        ));
    }
    if !fonction.admet(perimetre) {
        let genres: Vec<_> = fonction.genres().iter().map(|g| g.titre().to_lowercase()).collect();
        return Err(Refus::champ(
            "perimetre",
            format!("« {} » s’exerce sur : {}", fonction.titre(), genres.join(", ")),
        ));
    }
    Ok(())
}

/// Where a perimeter lies today.
///
/// # Errors
/// When it names an organisation or a group that does not stand; the engine's.
pub async fn portee(acte: &Act<'_>, tx: &mut Tx, perimetre: &Perimetre) -> Result<Portee, Erreur> {
    let portee = perimetres::portee(tx, perimetre, jour(acte.at)).await?;
    portee.ok_or_else(|| Refus::champ("perimetre", INCONNU).into())
}

/// Checks that who acts may do `A` over the whole of a perimeter, as who grants over it must: of a group that spans two départements, one
/// in common is not enough. Over one that no longer stands, only who reaches everything may.
///
/// # Errors
/// A refusal that says so; the engine's.
pub(super) async fn exiger_entier<A: Action>(acte: &Act<'_>, tx: &mut Tx, perimetre: &Perimetre) -> Result<(), Erreur> {
    let permis = match perimetres::portee(tx, perimetre, jour(acte.at)).await? {
        Some(portee) => portee.exiger::<A>(acte.actor),
        None => authorise::<A>(acte.actor, &Everything),
    };
    permis.map(drop).map_err(|_| {
        Refus::new("cette fonction s’exerce aussi hors de votre périmètre\u{a0}: adressez-vous à un administrateur")
            .into()
    })
}

/// Whether a function is the own one of who acts.
fn est_la_sienne(actor: &Actor, attribution: &Attribution) -> bool {
    Some(attribution.personne) == actor.really.or(actor.person)
}

/// Refuses what would be over before it is recorded.
pub(super) fn exiger_a_venir(au: Option<Day>, jour: Day) -> Result<(), Refus> {
    match au {
        Some(au) if au < jour => Err(Refus::champ("au", "le dernier jour ne peut pas être passé")),
        _ => Ok(()),
    }
}

/// What is said of a perimeter that does not stand, or lies out of reach: the two look alike.
pub const INCONNU: &str = "ce périmètre n’est pas dans le vôtre, ou n’existe pas";

/// What is granted to a known person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Octroi {
    /// To whom.
    pub personne: Uuid,
    /// The function.
    pub fonction: Fonction,
    /// Over what.
    pub perimetre: Perimetre,
    /// The first day.
    pub du: Day,
    /// The last day, when it is known.
    pub au: Option<Day>,
}

/// Grants a function to a known person, and tells them.
///
/// # Errors
/// When the granter's function or perimeter does not allow it; the engine's.
pub async fn accorder(acte: &Act<'_>, tx: &mut Tx, octroi: Octroi) -> Result<Attribution, Erreur> {
    let personne = Personne::load(tx, octroi.personne).await?.ok_or(Erreur::Introuvable)?;
    personne.exiger_active()?;
    exiger_a_venir(octroi.au, jour(acte.at))?;
    if !personnes::tenir(tx, personne.id).await? {
        return Err(Erreur::Conflit);
    }
    let portee = portee(acte, tx, &octroi.perimetre).await?;
    let permit = portee.exiger::<AccorderFonction>(acte.actor)?;
    exiger_accordable(permit.grant(), octroi.fonction, &octroi.perimetre)?;
    let accord = Accord {
        personne: octroi.personne,
        fonction: octroi.fonction,
        perimetre: octroi.perimetre,
        portee: portee.codes(),
        du: octroi.du,
        au: octroi.au,
    };
    let attribution = Attribution::accorder(acte.id(), accord, acte.actor.really.or(acte.actor.person), acte.at)?;
    let detail = json!({ "fonction": attribution.fonction.code(), "perimetre": attribution.perimetre.code() });
    let attribution = acte
        .create::<AccorderFonction, _>(tx, Decision::new(attribution, detail).tell("comptes.attribution"))
        .await?;
    prevenir(acte, tx, &attribution, (attribution.personne, "vous a été accordée")).await?;
    Ok(attribution)
}

/// Ends a function now: the sessions that rest on it lose it at their next request.
///
/// # Errors
/// When it is already over, out of reach, or one's own administration; the engine's.
pub async fn retirer(
    acte: &Act<'_>,
    tx: &mut Tx,
    id: Uuid,
    vue: Option<i64>,
    motif: &str,
) -> Result<Attribution, Erreur> {
    let par = acte.actor.really.or(acte.actor.person);
    let tenue = Attribution::load(tx, id).await?.ok_or(Erreur::Introuvable)?;
    authorise::<RetirerFonction>(acte.actor, &tenue)?;
    if !est_la_sienne(acte.actor, &tenue) {
        exiger_entier::<RetirerFonction>(acte, tx, &tenue.perimetre).await?;
    }
    let attribution = acte
        .change::<RetirerFonction, Attribution>(tx, id, vue, |attribution, permit| {
            exiger_accordable(permit.grant(), attribution.fonction, &attribution.perimetre).map_err(|_| {
                Refus::new("votre fonction ne permet pas de retirer celle-ci : adressez-vous à un administrateur")
            })?;
            // The last administrator would leave nobody to name another.
            if attribution.fonction == Fonction::Administration
                && [acte.actor.person, acte.actor.really].contains(&Some(attribution.personne))
            {
                return Err(Refus::new(
                    "personne ne se retire l’administration à soi-même\u{a0}: demandez à un autre administrateur",
                ));
            }
            let detail = json!({ "fonction": attribution.fonction.code(), "perimetre": attribution.perimetre.code() });
            let retiree = attribution.retirer(par, acte.at, jour(acte.at), motif)?;
            Ok(Decision::new(retiree, detail).tell("comptes.attribution"))
        })
        .await?;
    prevenir(acte, tx, &attribution, (attribution.personne, "vous a été retirée")).await?;
    for delegation in delegations::de_attribution(tx, id).await? {
        if delegation.retiree_at.is_none() && delegation.au >= jour(acte.at) {
            let quoi = "a été retirée à la personne qui vous l’a déléguée\u{a0}: vous ne l’exercez plus";
            prevenir(acte, tx, &attribution, (delegation.personne, quoi)).await?;
        }
    }
    Ok(attribution)
}

/// Tells a person what becomes of a function, theirs or one that was passed on to them.
async fn prevenir(
    acte: &Act<'_>,
    tx: &mut Tx,
    attribution: &Attribution,
    (personne, quoi): (Uuid, &str),
) -> Result<(), Erreur> {
    let phrase = format!(
        "La fonction «\u{a0}{}\u{a0}» ({}) {quoi}.",
        attribution.fonction.titre(),
        perimetres::nom(tx, &attribution.perimetre).await?
    );
    notifications::prevenir(acte, tx, personne, GenreNotification::Fonction, (phrase, "/compte")).await
}

/// Whether who acts may pass a function on, and take back what was passed on: their own, or one that they may grant. Otherwise a
/// delegation would give what an attribution refuses.
async fn exiger_delegable(
    acte: &Act<'_>,
    tx: &mut Tx,
    permit: &Permit<DeleguerFonction>,
    titulaire: &Attribution,
) -> Result<(), Erreur> {
    if est_la_sienne(acte.actor, titulaire) {
        return Ok(());
    }
    exiger_accordable(permit.grant(), titulaire.fonction, &titulaire.perimetre).map_err(|_| {
        Refus::new("votre fonction ne permet pas d’accorder celle-ci, donc pas de la déléguer\u{a0}: adressez-vous à un administrateur")
    })?;
    exiger_entier::<DeleguerFonction>(acte, tx, &titulaire.perimetre).await
}

/// Records a delegation of signature or a replacement, and tells who gives it and who receives it.
///
/// # Errors
/// When the function cannot be passed on so, is over, lies out of reach, or would go to who records it; the engine's.
pub async fn deleguer(acte: &Act<'_>, tx: &mut Tx, attribution: Uuid, dit: Acte) -> Result<Delegation, Erreur> {
    let titulaire = Attribution::load(tx, attribution).await?.ok_or(Erreur::Introuvable)?;
    let permit = authorise::<DeleguerFonction>(acte.actor, &titulaire)?;
    exiger_delegable(acte, tx, &permit, &titulaire).await?;
    exiger_a_venir(Some(dit.au), jour(acte.at))?;
    if [acte.actor.person, acte.actor.really].contains(&Some(dit.personne)) {
        return Err(Refus::champ(
            "personne",
            "personne ne se délègue une fonction à soi-même\u{a0}: demandez à un collègue ou à un administrateur",
        )
        .into());
    }
    if matches!(
        titulaire.etat(jour(acte.at)),
        EtatAttribution::Echue | EtatAttribution::Retiree
    ) {
        return Err(Refus::new("cette fonction a pris fin\u{a0}: elle ne se délègue plus").into());
    }
    let delegataire = Personne::load(tx, dit.personne)
        .await?
        .ok_or_else(|| Refus::champ("personne", "choisissez une personne connue de la plateforme"))?;
    delegataire.exiger_active()?;
    if !personnes::tenir(tx, delegataire.id).await? {
        return Err(Erreur::Conflit);
    }
    let par = acte.actor.really.or(acte.actor.person).ok_or(Erreur::Introuvable)?;
    let delegation = Delegation::accorder(acte.id(), &titulaire, dit, par, acte.at)?;
    let detail = json!({ "attribution": attribution, "genre": delegation.genre.code() });
    let delegation = acte
        .create::<DeleguerFonction, _>(tx, Decision::new(delegation, detail))
        .await?;
    prevenir(
        acte,
        tx,
        &titulaire,
        (titulaire.personne, "a été déléguée à une autre personne"),
    )
    .await?;
    prevenir(acte, tx, &titulaire, (delegation.personne, "vous a été déléguée")).await?;
    Ok(delegation)
}

/// Ends a delegation before its last day, and tells who gave it and who received it; gives the attribution that was passed on.
///
/// # Errors
/// When it is over, or lies out of reach; the engine's.
pub async fn retirer_delegation(acte: &Act<'_>, tx: &mut Tx, id: Uuid) -> Result<Attribution, Erreur> {
    let delegation = Delegation::load(tx, id).await?.ok_or(Erreur::Introuvable)?;
    let titulaire = Attribution::load(tx, delegation.attribution)
        .await?
        .ok_or(Erreur::Introuvable)?;
    let permit = authorise::<DeleguerFonction>(acte.actor, &delegation)?;
    exiger_delegable(acte, tx, &permit, &titulaire).await?;
    acte.change::<DeleguerFonction, Delegation>(tx, id, Some(delegation.version), |delegation, _| {
        let detail = json!({ "attribution": delegation.attribution, "retiree": true });
        Ok(Decision::new(delegation.retirer(acte.at, jour(acte.at))?, detail))
    })
    .await?;
    prevenir(acte, tx, &titulaire, (titulaire.personne, "n’est plus déléguée")).await?;
    prevenir(acte, tx, &titulaire, (delegation.personne, "ne vous est plus déléguée")).await?;
    Ok(titulaire)
}

/// Lifts the separation of duties over a perimeter, for a stated reason and time.
///
/// # Errors
/// When no reason is given, the dates do not hold, or the perimeter lies out of reach; the engine's.
pub async fn lever_separation(acte: &Act<'_>, tx: &mut Tx, demande: Demande) -> Result<Levee, Erreur> {
    let par = acte.actor.really.or(acte.actor.person).ok_or(Erreur::Introuvable)?;
    exiger_a_venir(Some(demande.au), jour(acte.at))?;
    if demande.du < jour(acte.at) {
        return Err(Refus::champ(
            "du",
            "le premier jour ne peut pas être passé\u{a0}: la règle ne se lève pas après coup",
        )
        .into());
    }
    let levee = Levee::accorder(acte.id(), demande, par, acte.at)?;
    let detail = json!({ "perimetre": levee.perimetre.code(), "du": levee.du.to_string(), "au": levee.au.to_string() });
    acte.create::<LeverSeparation, _>(tx, Decision::new(levee, detail))
        .await
}

/// Puts the separation of duties back before its time.
///
/// # Errors
/// When it is back already, or lies out of reach; the engine's.
pub async fn retablir_separation(acte: &Act<'_>, tx: &mut Tx, id: Uuid) -> Result<Levee, Erreur> {
    acte.change::<LeverSeparation, Levee>(tx, id, None, |levee, _| {
        let detail = json!({ "perimetre": levee.perimetre.code(), "retablie": true });
        Ok(Decision::new(levee.retablir(acte.at, jour(acte.at))?, detail))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_n_accorde_que_ce_que_sa_fonction_permet_sur_un_perimetre_qui_convient() {
        let essai = |role, fonction, perimetre| {
            exiger_accordable(&Grant::over(role, "N"), fonction, &Perimetre::lire(perimetre).unwrap())
                .map_err(|r| r.champ.unwrap())
        };
        assert_eq!(essai("Administration", Fonction::Prefet, "D:69"), Ok(()));
        assert_eq!(essai("Prefet", Fonction::Prefecture, "D:69"), Ok(()));
        assert_eq!(essai("Prefecture", Fonction::Prefet, "D:69"), Err("fonction".into()));
        assert_eq!(
            essai("Gestionnaire", Fonction::Administration, "N"),
            Err("fonction".into())
        );
        assert_eq!(
            essai("Administration", Fonction::Prefet, "C:01053"),
            Err("perimetre".into())
        );
        assert_eq!(essai("Connecte", Fonction::Elu, "C:01053"), Err("fonction".into()));
    }
}
