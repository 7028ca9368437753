//! Those who no longer come: warned, then anonymised; a visit, or an agent who still follows them, keeps their file.

use super::{compte::adresse_principale, donnees, notifications};
use crate::{
    courriels::{self, Message},
    domain::{
        conservation::{Conduite, Delais, Preavis, Situation, conduite},
        fonction::Fonction,
        notification::GenreNotification,
        personne::{EtatPersonne, Personne},
    },
    permissions::{AppliquerConservation, GarderFiche},
    reconnaissance::{FUSEAU_DES_JOURS, jour},
    references::{INACTIVITE, PREAVIS},
    store::{
        attribution,
        conservation::{self as store, DitA},
        personne,
    },
};
use serde_json::json;
use socle::{
    App,
    change::{Act, Stored},
    clock::{Day, Instant},
    db::{DbResult, Tx},
    errors::Erreur,
    jobs::Report,
    permissions::{Actor, Everything, Permit, authorise},
    reference,
};
use uuid::Uuid;

const SECONDES_PAR_JOUR: i64 = 86_400;
/// How many people are read at a time; each is then treated in a transaction of their own.
const LOT: u32 = 200;

/// The durations that hold that day.
///
/// # Errors
/// The engine's.
pub async fn delais(tx: &mut Tx, jour: Day) -> DbResult<Delais> {
    Ok(Delais {
        inactivite: reference::value(tx, &INACTIVITE, jour).await?,
        preavis: reference::value(tx, &PREAVIS, jour).await?,
    })
}

/// The day announced to someone who was warned, while the warning holds.
///
/// # Errors
/// The engine's.
pub async fn effacement_annonce(tx: &mut Tx, personne: Uuid, aujourd_hui: Day) -> DbResult<Option<Day>> {
    let Some(situation) = store::situation(tx, personne, aujourd_hui).await? else {
        return Ok(None);
    };
    let conduite = conduite(
        &situation,
        delais(tx, aujourd_hui).await?,
        aujourd_hui,
        FUSEAU_DES_JOURS,
    );
    Ok(match (conduite, situation.preavis) {
        (Conduite::Attendre { .. } | Conduite::Anonymiser, Some(preavis)) => Some(preavis.effacement_le),
        _ => None,
    })
}

/// Keeps the file of someone whom an agent still follows: it counts as a visit.
///
/// # Errors
/// When the file is no longer in use; the engine's.
pub async fn garder(
    acte: &Act<'_>,
    tx: &mut Tx,
    personne: &Personne,
    permit: &Permit<GarderFiche>,
) -> Result<(), Erreur> {
    personne.exiger_active()?;
    personne::noter_venue(tx, personne.id, acte.at).await?;
    let detail = json!({ "gardee": true });
    acte.journal(tx, permit, (Personne::KIND, personne.id), detail, &[personne.id])
        .await
}

/// What a run did, and the first failure that it went past.
#[derive(Default)]
struct Bilan {
    prevenues: u64,
    effacees: u64,
    echec: Option<Erreur>,
}

impl Bilan {
    fn compter(&mut self, fait: Result<Conduite, Erreur>) {
        match fait {
            Ok(Conduite::Prevenir { .. }) => self.prevenues += 1,
            Ok(Conduite::Anonymiser) => self.effacees += 1,
            // Somebody else changed the file at this instant: the next run looks again.
            Ok(_) | Err(Erreur::Conflit) => {}
            // One file that cannot be treated must not keep the others.
            Err(erreur) => {
                self.echec.get_or_insert(erreur);
            }
        }
    }
}

/// Warns those who no longer come, and anonymises those who were warned and did not come back. Cut anywhere, it goes on where it stood; run
/// twice, it does nothing more.
///
/// # Errors
/// The engine's, and the first person who could not be treated, once all the others were.
pub async fn appliquer(app: App) -> Result<Report, Erreur> {
    let operateur = Actor::operator();
    let acte = Act::now(&app, &operateur);
    let mut bilan = Bilan::default();
    anonymiser_echus(&acte, &mut bilan).await?;
    prevenir_absents(&acte, &mut bilan).await?;
    if let Some(echec) = bilan.echec {
        return Err(echec);
    }
    let Bilan {
        prevenues, effacees, ..
    } = bilan;
    Ok(match prevenues + effacees {
        0 => Report::nothing(),
        faites => Report::new(
            faites,
            format!("personnes prévenues\u{a0}: {prevenues}, rendues anonymes\u{a0}: {effacees}"),
        ),
    })
}

async fn prevenir_absents(acte: &Act<'_>, bilan: &mut Bilan) -> Result<(), Erreur> {
    let aujourd_hui = jour(acte.at);
    let delais = delais(&mut acte.app.db.read().await?, aujourd_hui).await?;
    // One day more than the rule, which counts days where this counts hours.
    let avant = acte
        .at
        .plus_seconds((1 + delais.preavis - delais.inactivite) * SECONDES_PAR_JOUR);
    let mut apres = (Instant::from_micros(0), Uuid::nil());
    loop {
        let mut tx = acte.app.db.read().await?;
        let lot = store::absents(&mut tx, avant, aujourd_hui, apres, LOT).await?;
        drop(tx);
        let Some(dernier) = lot.last() else { return Ok(()) };
        apres = *dernier;
        for (_, id) in lot {
            bilan.compter(traiter(acte, id, delais).await);
        }
    }
}

async fn anonymiser_echus(acte: &Act<'_>, bilan: &mut Bilan) -> Result<(), Erreur> {
    let aujourd_hui = jour(acte.at);
    let delais = delais(&mut acte.app.db.read().await?, aujourd_hui).await?;
    let mut apres = (jour(Instant::from_micros(0)), Uuid::nil());
    loop {
        let mut tx = acte.app.db.read().await?;
        let lot = store::echus(&mut tx, aujourd_hui, apres, LOT).await?;
        drop(tx);
        let Some(dernier) = lot.last() else { return Ok(()) };
        apres = *dernier;
        for (_, id) in lot {
            bilan.compter(traiter(acte, id, delais).await);
        }
    }
}

/// Does with one person what the rule says, in one transaction; gives what was done.
async fn traiter(acte: &Act<'_>, id: Uuid, delais: Delais) -> Result<Conduite, Erreur> {
    let permit = authorise::<AppliquerConservation>(acte.actor, &Everything)?;
    let mut tx = acte.app.db.write().await?;
    let aujourd_hui = jour(acte.at);
    let Some(situation) = store::situation(&mut tx, id, aujourd_hui).await? else {
        return Ok(Conduite::Garder);
    };
    let conduite = conduite(&situation, delais, aujourd_hui, FUSEAU_DES_JOURS);
    let fait = match conduite {
        Conduite::Garder | Conduite::Attendre { .. } => false,
        Conduite::LeverPreavis => store::lever(&mut tx, id).await?,
        Conduite::Prevenir { effacement_le } => {
            prevenir(acte, &mut tx, &permit, (id, situation), effacement_le).await?
        }
        // Whoever comes at this instant lifts the warning too: the first of the two decides.
        Conduite::Anonymiser if store::lever(&mut tx, id).await? => {
            let personne = Personne::load(&mut tx, id).await?.ok_or(Erreur::Introuvable)?;
            donnees::oublier(acte, &mut tx, personne, &permit, json!({ "cause": "inactivite" })).await?;
            true
        }
        Conduite::Anonymiser => false,
    };
    tx.commit().await?;
    Ok(if fait { conduite } else { Conduite::Garder })
}

/// Warns one person, or those who can act for them; gives whether nobody did it before.
async fn prevenir(
    acte: &Act<'_>,
    tx: &mut Tx,
    permit: &Permit<AppliquerConservation>,
    (id, situation): (Uuid, Situation),
    effacement_le: Day,
) -> Result<bool, Erreur> {
    let contacts = personne::contacts(tx, id).await?;
    let adresse = adresse_principale(&contacts);
    let preavis = Preavis {
        venue_at: situation.venue_at,
        effacement_le,
    };
    let dit_a = adresse.map_or(DitA::Agent, |_| DitA::Personne);
    if !store::prevenir(tx, id, preavis, dit_a, acte.at).await? {
        return Ok(false);
    }
    let le = dite(effacement_le);
    match adresse {
        Some(adresse) => {
            let message = Message::Inactivite {
                depuis: dite(jour(situation.venue_at)),
                le,
                lien: format!("{}/connexion", acte.app.settings.public_url),
            };
            courriels::deposer(tx, acte.app, adresse, Some(id), &message).await?;
        }
        None => dire_aux_agents(acte, tx, id, &le).await?,
    }
    let detail = json!({ "prevenue": dit_a.code(), "effacement": effacement_le.to_string() });
    acte.journal(tx, permit, (Personne::KIND, id), detail, &[id]).await?;
    Ok(true)
}

fn dite(jour: Day) -> String {
    ui::formats::date(jour, ui::langue::Langue::Fr)
}

/// Tells the agent who opened a file, or else the administrators, that it will be anonymised. It names nobody: what is told outlives the file.
async fn dire_aux_agents(acte: &Act<'_>, tx: &mut Tx, id: Uuid, le: &str) -> Result<(), Erreur> {
    let fiche = Personne::load(tx, id).await?.ok_or(Erreur::Introuvable)?;
    let ouverte_par = match fiche.ouverte_par {
        Some(agent) => Personne::load(tx, agent)
            .await?
            .filter(|p| p.etat == EtatPersonne::Active),
        None => None,
    };
    let debut = format!(
        "La fiche {id} sera rendue anonyme le {le}\u{a0}: elle n’a pas servi depuis longtemps et n’a pas d’adresse de courriel confirmée."
    );
    if let Some(agent) = ouverte_par {
        let phrase = format!(
            "{debut} Si vous suivez encore cette personne, gardez sa fiche depuis sa page, ou demandez-le à un administrateur."
        );
        let ou = (phrase, "/compte/notifications");
        return notifications::prevenir(acte, tx, agent.id, GenreNotification::Fiche, ou).await;
    }
    let chemin = format!("/personnes/{id}");
    for admin in attribution::titulaires(tx, Fonction::Administration, jour(acte.at)).await? {
        let phrase = format!("{debut} Si elle sert encore, gardez-la depuis sa page.");
        notifications::prevenir(acte, tx, admin, GenreNotification::Fiche, (phrase, &chemin)).await?;
    }
    Ok(())
}
