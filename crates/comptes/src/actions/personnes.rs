//! Files of people: opened for someone who does not use the site, corrected, joined when two are of one person, separated again.

use super::{compte::prevenir_partout, rapprochement};
use crate::{
    domain::{
        motif::lire_motif,
        personne::{Contact, EtatPersonne, Moyen, Nom, Personne},
    },
    permissions::{CorrigerPersonne, OuvrirFiche, ReunirPersonnes},
    reconnaissance::jour,
    store::{attribution as attributions, conservation, fusion as fusions, personne as store, session},
};
use serde_json::json;
use socle::{
    change::{Act, Stored},
    db::Tx,
    errors::{Erreur, Refus},
    permissions::{Action, Permit, WHOLE, authorise, scope},
};
use uuid::Uuid;

/// What an agent writes for someone who is before them or on the telephone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fiche {
    /// Their names.
    pub nom: Nom,
    /// Their year of birth, when they give it.
    pub annee_naissance: Option<i16>,
    /// Their telephone, when they give it.
    pub telephone: Option<String>,
}

/// Opens a file for someone.
///
/// # Errors
/// When the agent's function does not allow it; the engine's.
pub async fn ouvrir_fiche(acte: &Act<'_>, tx: &mut Tx, fiche: Fiche) -> Result<Personne, Erreur> {
    let (permit, _) = scope::<OuvrirFiche>(acte.actor)?;
    let personne = Personne {
        annee_naissance: fiche.annee_naissance,
        ouverte_par: acte.actor.person,
        ..Personne::nouvelle(acte.id(), fiche.nom, acte.at)
    };
    personne.insert(tx).await?;
    // Until they hold something, they are where the agent is who met them.
    if let Some(source) = permit.grant().source {
        let portee = attributions::portee(tx, source).await?;
        store::situer(tx, personne.id, &portee).await?;
    }
    if let Some(numero) = fiche.telephone {
        let contact = Contact {
            id: acte.id(),
            personne: personne.id,
            moyen: Moyen::Telephone(numero),
            confirme_at: None,
            ajoute_at: acte.at,
        };
        store::ajouter_contact(tx, &contact).await?;
    }
    rapprochement::indexer(tx, personne.id).await?;
    let detail = json!({ "pour_quelqu_un": true });
    acte.journal(tx, &permit, (Personne::KIND, personne.id), detail, &[personne.id])
        .await?;
    Ok(personne)
}

/// Corrects someone's names.
///
/// # Errors
/// `Conflit` when the file changed since it was shown; the engine's.
pub async fn corriger(acte: &Act<'_>, tx: &mut Tx, id: Uuid, vue: i64, nom: Nom) -> Result<Personne, Erreur> {
    let personne = Personne::load(tx, id).await?.ok_or(Erreur::Introuvable)?;
    let codes = attributions::codes_du_jour(tx, id, jour(acte.at)).await?;
    let permit = authorise::<CorrigerPersonne>(acte.actor, &codes)?;
    if personne.version != vue {
        return Err(Erreur::Conflit);
    }
    let (annee, fuseau) = (personne.annee_naissance, personne.fuseau.clone());
    let corrigee = personne.corriger(nom, annee, fuseau)?;
    if !corrigee.update(tx).await? {
        return Err(Erreur::Conflit);
    }
    acte.journal(tx, &permit, (Personne::KIND, id), json!({ "nom": true }), &[id])
        .await?;
    Ok(corrigee)
}

/// Joins two files of one person: what the second held, its contact points and how it signs in go to the first.
///
/// # Errors
/// When one of them is no longer in use, they are the same, or one is the actor's own; the engine's.
pub async fn reunir(acte: &Act<'_>, tx: &mut Tx, gardee: Uuid, absorbee: Uuid, motif: &str) -> Result<Uuid, Erreur> {
    let permit = authorise::<ReunirPersonnes>(acte.actor, &vec![WHOLE.to_owned()])?;
    if gardee == absorbee {
        return Err(Refus::champ("absorbee", "choisissez deux fiches différentes").into());
    }
    let motif = lire_motif(motif, "motif", "les administrateurs le liront")?;
    let (une, autre) = les_deux(acte, tx, gardee, absorbee).await?;
    une.exiger_active()?;
    autre.exiger_active()?;
    exiger_place(tx, gardee, absorbee).await?;
    let (vue, venue) = (une.derniere_venue(), autre.derniere_venue());
    // Before the files themselves, in the order in which those who no longer come are treated.
    for id in [gardee, absorbee] {
        conservation::lever(tx, id).await?;
    }
    let etat = EtatPersonne::Fusionnee { dans: gardee };
    ecrire_les_deux(tx, une, Personne { etat, ..autre }).await?;
    let fusion = fusions::Fusion {
        id: acte.id(),
        gardee,
        absorbee,
        deplaces: fusions::deplacer(tx, absorbee, gardee, jour(acte.at)).await?,
        motif: motif.to_owned(),
        par: acte.actor.person.ok_or(Erreur::Introuvable)?,
        faite_at: acte.at,
    };
    fusions::garder(tx, &fusion).await?;
    fermer_sessions(acte, tx, [gardee, absorbee]).await?;
    // Whoever came under the other file came.
    if venue > vue {
        store::noter_venue(tx, gardee, venue).await?;
    }
    let (detail, objet) = (json!({ "fusion": fusion.id }), (Personne::KIND, gardee));
    acte.journal(tx, &permit, objet, detail, &[gardee, absorbee]).await?;
    prevenir(
        acte,
        tx,
        gardee,
        "Deux fiches à votre nom ont été réunies dans votre compte.",
    )
    .await?;
    Ok(fusion.id)
}

/// Separates two files joined by mistake: what came from the second goes back to it.
///
/// # Errors
/// When it was done before, the file kept is no longer in use, or one is the actor's own; the engine's.
pub async fn separer(acte: &Act<'_>, tx: &mut Tx, fusion: Uuid) -> Result<(), Erreur> {
    let permit = authorise::<ReunirPersonnes>(acte.actor, &vec![WHOLE.to_owned()])?;
    let fusion = fusions::trouver(tx, fusion).await?.ok_or(Erreur::Introuvable)?;
    let (gardee, absorbee) = (fusion.gardee, fusion.absorbee);
    let (une, autre) = les_deux(acte, tx, gardee, absorbee).await?;
    une.exiger_active()?;
    if autre.etat != (EtatPersonne::Fusionnee { dans: gardee }) {
        return Err(Refus::new("ces deux fiches sont déjà séparées").into());
    }
    let etat = EtatPersonne::Active;
    ecrire_les_deux(tx, une, Personne { etat, ..autre }).await?;
    if !fusions::defaire(tx, &fusion, acte.at, jour(acte.at)).await? {
        return Err(Erreur::Conflit);
    }
    fermer_sessions(acte, tx, [gardee, absorbee]).await?;
    let (detail, objet) = (json!({ "separation": fusion.id }), (Personne::KIND, gardee));
    acte.journal(tx, &permit, objet, detail, &[gardee, absorbee]).await?;
    let phrase = "Une fiche réunie à votre compte en a été séparée.";
    prevenir(acte, tx, gardee, phrase).await?;
    let phrase =
        "Votre fiche, qui avait été réunie à une autre, en a été séparée\u{a0}: elle est de nouveau votre compte.";
    prevenir(acte, tx, absorbee, phrase).await
}

/// Closes what both people opened: what signs in to each file changes hands.
async fn fermer_sessions(acte: &Act<'_>, tx: &mut Tx, fiches: [Uuid; 2]) -> Result<(), Erreur> {
    for fiche in fiches {
        session::fermer_toutes(tx, fiche, None, acte.at).await?;
    }
    Ok(())
}

/// The two files. Nobody takes what someone else holds: neither may be that of who acts.
async fn les_deux(acte: &Act<'_>, tx: &mut Tx, gardee: Uuid, absorbee: Uuid) -> Result<(Personne, Personne), Erreur> {
    let qui = [acte.actor.person, acte.actor.really];
    if qui.into_iter().flatten().any(|moi| moi == gardee || moi == absorbee) {
        return Err(Refus::new("l’une de ces fiches est la vôtre\u{a0}: demandez à un autre administrateur").into());
    }
    let (une, autre) = (Personne::load(tx, gardee).await?, Personne::load(tx, absorbee).await?);
    Ok((une.ok_or(Erreur::Introuvable)?, autre.ok_or(Erreur::Introuvable)?))
}

/// Refuses a join that would give a file more contact points than one may have.
async fn exiger_place(tx: &mut Tx, gardee: Uuid, absorbee: Uuid) -> Result<(), Erreur> {
    let (siens, autres) = (store::contacts(tx, gardee).await?, store::contacts(tx, absorbee).await?);
    let nouveaux = autres.iter().filter(|c| siens.iter().all(|s| s.moyen != c.moyen));
    if siens.len() + nouveaux.count() > store::CONTACTS_MAX as usize {
        let trop = format!(
            "ces deux fiches ont ensemble plus de {} adresses et numéros\u{a0}: la personne doit d’abord en retirer",
            store::CONTACTS_MAX
        );
        return Err(Refus::champ("absorbee", trop).into());
    }
    Ok(())
}

/// Notes that somebody looked at these people.
///
/// # Errors
/// The engine's.
pub async fn noter_vues<A: Action>(
    acte: &Act<'_>,
    tx: &mut Tx,
    permit: &Permit<A>,
    gens: &[Uuid],
) -> Result<(), Erreur> {
    for id in gens {
        acte.journal(tx, permit, (Personne::KIND, *id), json!({ "vue": true }), &[*id])
            .await?;
    }
    Ok(())
}

/// Writes both files in the order of their identifiers, so that two joins at once cannot both hold, nor wait for each other for ever.
async fn ecrire_les_deux(tx: &mut Tx, une: Personne, autre: Personne) -> Result<(), Erreur> {
    let mut fiches = [une, autre];
    fiches.sort_by_key(|fiche| fiche.id);
    for fiche in fiches {
        if !fiche.update(tx).await? {
            return Err(Erreur::Conflit);
        }
    }
    Ok(())
}

/// Tells every address of a file: one that a join brought may be that of someone else, who is the one to say so.
async fn prevenir(acte: &Act<'_>, tx: &mut Tx, personne: Uuid, phrase: &str) -> Result<(), Erreur> {
    let contacts = store::contacts(tx, personne).await?;
    prevenir_partout(acte, tx, (personne, &contacts), phrase).await
}
