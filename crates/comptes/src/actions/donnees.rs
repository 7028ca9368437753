//! What a person asks of what is held on them: a copy, and its erasure.

use super::exports;
use crate::{
    domain::personne::{Moyen, Personne},
    permissions::EffacerSonCompte,
    reconnaissance::jour,
    store::{attribution, donnees, perimetre, personne, session},
};
use serde_json::{Value, json};
use socle::{
    App,
    change::{Act, Stored},
    clock::Instant,
    db::{DbResult, Tx},
    errors::{Erreur, Refus},
    journal::{self, Entry},
    letters,
    module::{Export, Extent, Modules},
    permissions::{Action, Permit, authorise, person_code},
};
use uuid::Uuid;

/// What this context holds on a person.
pub const EXPORTS: &[Export] = &[
    Export {
        title: "Identité",
        run: |tx, id, _| Box::pin(identite(tx, id)),
    },
    Export {
        title: "Moyens de contact",
        run: |tx, id, _| Box::pin(contacts(tx, id)),
    },
    Export {
        title: "Fonctions",
        run: |tx, id, _| Box::pin(fonctions(tx, id)),
    },
    Export {
        title: "Sessions ouvertes",
        run: |tx, id, etendue| Box::pin(sessions(tx, id, etendue.at)),
    },
    Export {
        title: "Clés d’accès",
        run: |tx, id, _| Box::pin(exports::cles(tx, id)),
    },
    Export {
        title: "Autres moyens de connexion",
        run: |tx, id, _| Box::pin(exports::autres_moyens(tx, id)),
    },
    Export {
        title: "Moyens de connexion retirés par un tiers",
        run: |tx, id, _| Box::pin(exports::liberations(tx, id)),
    },
    Export {
        title: "Délégations",
        run: |tx, id, _| Box::pin(exports::delegations(tx, id)),
    },
    Export {
        title: "Notifications",
        run: |tx, id, _| Box::pin(exports::notifications(tx, id)),
    },
    Export {
        title: "Invitations",
        run: |tx, id, _| Box::pin(exports::invitations(tx, id)),
    },
    Export {
        title: "Fiches réunies à la mienne",
        run: |tx, id, _| Box::pin(exports::fusions(tx, id)),
    },
];

async fn identite(tx: &mut Tx, id: Uuid) -> DbResult<Vec<Value>> {
    let une = |p: Personne| {
        json!({
            "prénom": p.nom.prenom,
            "nom": p.nom.nom,
            "année de naissance": p.annee_naissance,
            "langue": p.langue,
            "fuseau horaire": p.fuseau,
            "fiche ouverte": p.creee_at,
            "dernière venue, ou prolongation par un agent": p.vue_at,
        })
    };
    Ok(Personne::load(tx, id).await?.map(une).into_iter().collect())
}

async fn contacts(tx: &mut Tx, id: Uuid) -> DbResult<Vec<Value>> {
    let contacts = personne::contacts(tx, id).await?;
    let un = |contact: crate::domain::personne::Contact| {
        let (genre, valeur) = match &contact.moyen {
            Moyen::Courriel(courriel) => ("courriel", courriel.as_str()),
            Moyen::Telephone(numero) => ("téléphone", numero.as_str()),
        };
        json!({ "moyen": genre, "valeur": valeur, "ajouté": contact.ajoute_at, "confirmé": contact.confirme_at })
    };
    Ok(contacts.into_iter().map(un).collect())
}

async fn fonctions(tx: &mut Tx, id: Uuid) -> DbResult<Vec<Value>> {
    let tenues = attribution::de_personne(tx, id).await?;
    let noms = perimetre::noms(tx, tenues.iter().map(|tenue| &tenue.perimetre)).await?;
    let une = |tenue: crate::domain::attribution::Attribution| {
        json!({
            "fonction": tenue.fonction.titre(),
            "périmètre": noms.de(&tenue.perimetre),
            "du": tenue.du.to_string(),
            "au": tenue.au.map(|au| au.to_string()),
            "retirée": tenue.retrait.map(|retrait| retrait.at),
        })
    };
    Ok(tenues.into_iter().map(une).collect())
}

async fn sessions(tx: &mut Tx, id: Uuid, at: Instant) -> DbResult<Vec<Value>> {
    let ouvertes = session::ouvertes(tx, id, at).await?;
    let une = |session: crate::domain::session::Session| json!({ "appareil": session.appareil, "ouverte": session.ouverte_at, "dernier usage": session.vue_at });
    Ok(ouvertes.into_iter().map(une).collect())
}

/// What the modules hold on a person, by the title of its part, under their file and those that were joined into it: all of it, or at most so
/// many things of each.
///
/// # Errors
/// The engine's.
pub async fn exporter(app: &App, id: Uuid, most: Option<usize>) -> DbResult<Vec<(&'static str, Vec<Value>)>> {
    let modules = app.part::<Modules>();
    let at = app.clock.now();
    let etendue = Extent { at, most };
    let mut tx = app.db.read().await?;
    let mut parties = Vec::new();
    let fiches = donnees::fiches(&mut tx, id).await?;
    for export in modules.0.iter().flat_map(|module| module.exports) {
        let mut lignes = Vec::new();
        for fiche in &fiches {
            lignes.extend((export.run)(&mut tx, *fiche, etendue).await?);
        }
        lignes.truncate(most.unwrap_or(usize::MAX));
        parties.push((export.title, lignes));
    }
    Ok(parties)
}

/// Erases the person who asks: nothing that names them is kept, and the journal forgets whom its lines concern.
///
/// # Errors
/// A refusal while a function is held, or when someone else acts in their place; the engine's.
pub async fn effacer(acte: &Act<'_>, tx: &mut Tx) -> Result<(), Erreur> {
    let moi = acte.actor.person.ok_or(Erreur::Introuvable)?;
    let permit = authorise::<EffacerSonCompte>(acte.actor, &vec![person_code(moi)])?;
    personne::tenir(tx, moi).await?;
    if acte.actor.really.is_some() {
        return Err(
            Refus::new("seule la personne elle-même peut demander l’effacement : rendez d’abord la place").into(),
        );
    }
    if !attribution::tenues(tx, moi, jour(acte.at)).await?.is_empty() {
        let refus = "vous exercez encore une fonction : faites-la d’abord retirer par qui vous l’a accordée, pour que ses décisions gardent un auteur jusqu’à sa fin";
        return Err(Refus::new(refus).into());
    }
    let personne = Personne::load(tx, moi).await?.ok_or(Erreur::Introuvable)?;
    oublier(acte, tx, personne, &permit, json!({})).await
}

/// Forgets a person: nothing that names them is kept, and the journal no longer tells whom its lines concern. What they held and decided stays.
///
/// # Errors
/// When the file is no longer in use, `Conflit` when it changed meanwhile; the engine's.
pub(super) async fn oublier<A: Action>(
    acte: &Act<'_>,
    tx: &mut Tx,
    personne: Personne,
    permit: &Permit<A>,
    detail: Value,
) -> Result<(), Erreur> {
    let id = personne.id;
    if !personne.anonymiser()?.update(tx).await? {
        return Err(Erreur::Conflit);
    }
    let modules = acte.app.part::<Modules>();
    for fiche in donnees::effacer(tx, id).await? {
        for oublier in modules.0.iter().flat_map(|module| module.forgets) {
            oublier(tx, fiche).await?;
        }
        let detail = if fiche == id {
            detail.clone()
        } else {
            json!({ "fiche_reunie": true })
        };
        let mut entree = Entry::by(&acte.app.ids, acte.at, permit, (Personne::KIND, "")).detail(detail);
        // The line of an erasure must not concern the person who is forgotten.
        entree.people.clear();
        letters::forget(tx, fiche, acte.at).await?;
        journal::forget(tx, &acte.app.settings.keys, fiche, entree).await?;
    }
    Ok(())
}
