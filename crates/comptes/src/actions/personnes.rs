//! Files of people: opened for someone who does not use the site, corrected, joined when two are of one person, separated again.

use crate::{
    domain::personne::{Contact, EtatPersonne, Moyen, Nom, Personne},
    permissions::{CorrigerPersonne, OuvrirFiche, ReunirPersonnes},
    reconnaissance::jour,
    store::{attribution as attributions, fusion as fusions, personne as store},
};
use serde_json::json;
use socle::{
    change::{Act, Stored},
    db::Tx,
    errors::{Erreur, Refus},
    permissions::{authorise, scope},
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

/// Joins two files of one person: what the second held and its contact points go to the first.
///
/// # Errors
/// When one of them is no longer in use, or they are the same; the engine's.
pub async fn reunir(acte: &Act<'_>, tx: &mut Tx, gardee: Uuid, absorbee: Uuid, motif: &str) -> Result<Uuid, Erreur> {
    let permit = authorise::<ReunirPersonnes>(acte.actor, &vec![socle::permissions::WHOLE.to_owned()])?;
    let motif = motif.trim();
    if gardee == absorbee {
        return Err(Refus::champ("absorbee", "choisissez deux fiches différentes").into());
    }
    if motif.is_empty() {
        return Err(Refus::champ(
            "motif",
            "dites pourquoi ces deux fiches sont celles d’une même personne",
        )
        .into());
    }
    let (une, autre) = (Personne::load(tx, gardee).await?, Personne::load(tx, absorbee).await?);
    let (une, autre) = (une.ok_or(Erreur::Introuvable)?, autre.ok_or(Erreur::Introuvable)?);
    une.exiger_active()?;
    autre.exiger_active()?;
    let fusion = fusions::Fusion {
        id: acte.id(),
        gardee,
        absorbee,
        deplaces: fusions::deplacer(tx, absorbee, gardee).await?,
        motif: motif.to_owned(),
        par: acte.actor.person.ok_or(Erreur::Introuvable)?,
        faite_at: acte.at,
    };
    let absorbee = Personne {
        etat: EtatPersonne::Fusionnee { dans: gardee },
        ..autre
    };
    if !absorbee.update(tx).await? {
        return Err(Erreur::Conflit);
    }
    fusions::garder(tx, &fusion).await?;
    let detail = json!({ "fusion": fusion.id });
    acte.journal(
        tx,
        &permit,
        (Personne::KIND, gardee),
        detail,
        &[gardee, fusion.absorbee],
    )
    .await?;
    Ok(fusion.id)
}

/// Separates two files joined by mistake: what came from the second goes back to it.
///
/// # Errors
/// When it was done before; the engine's.
pub async fn separer(acte: &Act<'_>, tx: &mut Tx, fusion: Uuid) -> Result<(), Erreur> {
    let permit = authorise::<ReunirPersonnes>(acte.actor, &vec![socle::permissions::WHOLE.to_owned()])?;
    let fusion = fusions::trouver(tx, fusion).await?.ok_or(Erreur::Introuvable)?;
    let absorbee = Personne::load(tx, fusion.absorbee).await?.ok_or(Erreur::Introuvable)?;
    if absorbee.etat != (EtatPersonne::Fusionnee { dans: fusion.gardee }) {
        return Err(Refus::new("ces deux fiches sont déjà séparées").into());
    }
    let rendue = Personne {
        etat: EtatPersonne::Active,
        ..absorbee
    };
    if !rendue.update(tx).await? || !fusions::defaire(tx, &fusion, acte.at).await? {
        return Err(Erreur::Conflit);
    }
    let detail = json!({ "separation": fusion.id });
    acte.journal(
        tx,
        &permit,
        (Personne::KIND, fusion.gardee),
        detail,
        &[fusion.gardee, fusion.absorbee],
    )
    .await
}
