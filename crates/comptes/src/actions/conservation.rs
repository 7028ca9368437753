//! Those who no longer come: warned, then anonymised; a visit, or an agent who still follows them, keeps their file.

use super::{compte::adresse_principale, donnees, notifications};
use crate::{
    courriels::{self, Message},
    domain::{
        conservation::{Conduite, Delais, conduite},
        courriel::Courriel,
        fonction::Fonction,
        notification::GenreNotification,
        personne::Personne,
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
    permissions::{Action, Actor, Everything, Permit, authorise},
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
    fn compter(&mut self, id: Uuid, fait: Result<Conduite, Erreur>) {
        match fait {
            Ok(Conduite::Prevenir { .. } | Conduite::DireAuxAgents { .. }) => self.prevenues += 1,
            Ok(Conduite::Anonymiser) => self.effacees += 1,
            // Somebody else changed the file at this instant: the next run looks again.
            Ok(_) | Err(Erreur::Conflit) => {}
            // One file that cannot be treated must not keep the others.
            Err(erreur) => {
                tracing::error!(person = %id, error = %erreur, "a file cannot be treated");
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
            bilan.compter(id, traiter(acte, id, delais).await);
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
            bilan.compter(id, traiter(acte, id, delais).await);
        }
    }
}

/// Does with one person what the rule says, in one transaction; gives what was done.
async fn traiter(acte: &Act<'_>, id: Uuid, delais: Delais) -> Result<Conduite, Erreur> {
    let permit = authorise::<AppliquerConservation>(acte.actor, &Everything)?;
    let mut tx = acte.app.db.write().await?;
    let aujourd_hui = jour(acte.at);
    // What they are granted, or a visit, at this instant waits or is seen here.
    personne::tenir(&mut tx, id).await?;
    let Some(situation) = store::situation(&mut tx, id, aujourd_hui).await? else {
        return Ok(Conduite::Garder);
    };
    let conduite = conduite(&situation, delais, aujourd_hui, FUSEAU_DES_JOURS);
    let fait = match conduite {
        Conduite::Garder | Conduite::Attendre { .. } => false,
        Conduite::LeverPreavis => store::lever(&mut tx, id).await?,
        Conduite::Prevenir { effacement_le } => {
            let contacts = personne::contacts(&mut tx, id).await?;
            let avertissement = Avertissement {
                id,
                venue_at: situation.venue_at,
                effacement_le,
                adresse: adresse_principale(&contacts),
            };
            prevenir(acte, &mut tx, &permit, avertissement).await?
        }
        Conduite::DireAuxAgents { effacement_le } => {
            store::lever(&mut tx, id).await?;
            let avertissement = Avertissement {
                id,
                venue_at: situation.venue_at,
                effacement_le,
                adresse: None,
            };
            prevenir(acte, &mut tx, &permit, avertissement).await?
        }
        // Two nodes may come here at once: the one that lifts the warning goes on.
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

/// A warning to give.
struct Avertissement<'a> {
    /// Of whose file.
    id: Uuid,
    /// When they last came.
    venue_at: Instant,
    /// The day announced.
    effacement_le: Day,
    /// Where to write to them; without, those who can act for them are told.
    adresse: Option<&'a Courriel>,
}

/// Warns one person, or those who can act for them; gives whether somebody was told, and nobody had been before.
async fn prevenir(
    acte: &Act<'_>,
    tx: &mut Tx,
    permit: &Permit<AppliquerConservation>,
    Avertissement {
        id,
        venue_at,
        effacement_le,
        adresse,
    }: Avertissement<'_>,
) -> Result<bool, Erreur> {
    let dit_a = adresse.map_or(DitA::Agent, |_| DitA::Personne);
    if !store::prevenir(tx, id, (venue_at, effacement_le), dit_a, acte.at).await? {
        return Ok(false);
    }
    let le = dite(effacement_le);
    match adresse {
        Some(adresse) => {
            let message = Message::Inactivite {
                depuis: dite(jour(venue_at)),
                le,
                lien: format!("{}/connexion", acte.app.settings.public_url),
            };
            courriels::deposer(tx, acte.app, adresse, Some(id), &message).await?;
        }
        None if dire_aux_agents(acte, tx, id, &le).await? => {}
        // Nobody can act for them yet: the next run looks again.
        None => {
            store::lever(tx, id).await?;
            return Ok(false);
        }
    }
    let detail = json!({ "prevenue": dit_a.code(), "effacement": effacement_le.to_string() });
    acte.journal(tx, permit, (Personne::KIND, id), detail, &[id]).await?;
    Ok(true)
}

fn dite(jour: Day) -> String {
    ui::formats::date(jour, ui::langue::Langue::Fr)
}

/// Tells the agent who opened a file and still holds a function, or else the administrators, that it will be anonymised; gives whether there
/// was anybody to tell. It names nobody: what is told outlives the file.
async fn dire_aux_agents(acte: &Act<'_>, tx: &mut Tx, id: Uuid, le: &str) -> Result<bool, Erreur> {
    let debut = format!(
        "La fiche {id} sera rendue anonyme le {le}\u{a0}: elle n’a pas servi depuis longtemps et aucun courriel n’atteint la personne."
    );
    let page = format!("/personnes/{id}");
    if let Some((agent, peut_garder)) = agent_de(tx, id, jour(acte.at)).await? {
        let (suite, chemin) = if peut_garder {
            ("gardez sa fiche depuis sa page", page.as_str())
        } else {
            (
                "demandez à un administrateur de garder sa fiche",
                "/compte/notifications",
            )
        };
        let phrase = format!("{debut} Si vous suivez encore cette personne, {suite}.");
        notifications::prevenir(acte, tx, agent, GenreNotification::Fiche, (phrase, chemin)).await?;
        return Ok(true);
    }
    let administrateurs = attribution::titulaires(tx, Fonction::Administration, jour(acte.at)).await?;
    for admin in &administrateurs {
        let phrase = format!("{debut} Si elle sert encore, gardez-la depuis sa page.");
        notifications::prevenir(acte, tx, *admin, GenreNotification::Fiche, (phrase, &page)).await?;
    }
    Ok(!administrateurs.is_empty())
}

/// The agent who opened a file, while they hold a function, and whether one of these lets them keep it.
async fn agent_de(tx: &mut Tx, fiche: Uuid, jour: Day) -> Result<Option<(Uuid, bool)>, Erreur> {
    let fiche = Personne::load(tx, fiche).await?.ok_or(Erreur::Introuvable)?;
    let Some(agent) = fiche.ouverte_par else {
        return Ok(None);
    };
    let tenues = attribution::tenues(tx, agent, jour).await?;
    let peut_garder = |role| GarderFiche::RULES.iter().any(|(permis, _)| *permis == role);
    let garde = tenues
        .iter()
        .any(|tenue| peut_garder(tenue.attribution.fonction.role()));
    Ok((!tenues.is_empty()).then_some((agent, garde)))
}
