//! The only SQL about claims of places.

use comptes::domain::perimetre::{Perimetre, code_organisation};
use socle::{
    change::Stored,
    clock::Instant,
    db::{DbResult, Tx, Value},
    params,
    permissions::Scope,
    sql,
};
use uuid::Uuid;

use super::portee;
use crate::domain::revendication::{Decision, EtatRevendication, MotifRefus, Revendication};

#[derive(sqlx::FromRow)]
struct Ligne {
    id: Uuid,
    lieu_id: Uuid,
    organisation: String,
    par_id: Uuid,
    motivation: String,
    etat: String,
    demandee_at: Instant,
    close_at: Option<Instant>,
    decideur_id: Option<Uuid>,
    motif: Option<String>,
    mots: Option<String>,
    version: i64,
}

impl Ligne {
    fn etat(&self) -> Option<EtatRevendication> {
        let decision = self
            .decideur_id
            .zip(self.close_at)
            .map(|(par, at)| Decision { par, at });
        Some(match self.etat.as_str() {
            "demandee" => EtatRevendication::Demandee,
            "accordee" => EtatRevendication::Accordee { decision: decision? },
            "refusee" => EtatRevendication::Refusee {
                decision: decision?,
                motif: MotifRefus::du_code(self.motif.as_deref()?)?,
                mots: self.mots.clone()?,
            },
            "retiree" => EtatRevendication::Retiree { at: self.close_at? },
            _ => return None,
        })
    }

    fn revendication(self, territoires: Vec<String>) -> DbResult<Revendication> {
        let incoherente = || sqlx::Error::Decode(format!("revendication {} : état incohérent", self.id).into());
        let organisation = match Perimetre::lire(&self.organisation) {
            Ok(Perimetre::Organisation(id)) => id,
            _ => return Err(incoherente()),
        };
        Ok(Revendication {
            etat: self.etat().ok_or_else(incoherente)?,
            id: self.id,
            lieu: self.lieu_id,
            organisation,
            par: self.par_id,
            motivation: self.motivation,
            demandee_at: self.demandee_at,
            territoires,
            version: self.version,
        })
    }
}

/// What the end of a claim writes: when, by whom, why.
fn fin(etat: &EtatRevendication) -> (Option<Instant>, Option<Uuid>, Option<&'static str>, Option<&str>) {
    match etat {
        EtatRevendication::Demandee => (None, None, None, None),
        EtatRevendication::Accordee { decision } => (Some(decision.at), Some(decision.par), None, None),
        EtatRevendication::Refusee { decision, motif, mots } => {
            (Some(decision.at), Some(decision.par), Some(motif.code()), Some(mots))
        }
        EtatRevendication::Retiree { at } => (Some(*at), None, None, None),
    }
}

impl Stored for Revendication {
    const KIND: &'static str = "revendication";

    fn id(&self) -> Uuid {
        self.id
    }

    fn version(&self) -> i64 {
        self.version
    }

    fn people(&self) -> Vec<Uuid> {
        vec![self.par]
    }

    async fn load(tx: &mut Tx, id: Uuid) -> DbResult<Option<Self>> {
        let ligne: Option<Ligne> = tx
            .fetch_optional(sql!("SELECT * FROM revendication WHERE id = $1"), &params![id])
            .await?;
        let Some(ligne) = ligne else { return Ok(None) };
        let territoires = portee::territoires(tx, ligne.lieu_id).await?;
        ligne.revendication(territoires).map(Some)
    }

    async fn insert(&self, tx: &mut Tx) -> DbResult<()> {
        let (close_at, decideur, motif, mots) = fin(&self.etat);
        tx.execute(
            sql!(
                "INSERT INTO revendication (id, lieu_id, organisation, par_id, motivation, etat, demandee_at, close_at, decideur_id, motif, mots)
                  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
            ),
            &params![
                self.id,
                self.lieu,
                code_organisation(self.organisation),
                self.par,
                self.motivation.as_str(),
                self.etat.code(),
                self.demandee_at,
                close_at,
                decideur,
                motif,
                mots
            ],
        )
        .await
        .map(drop)
    }

    async fn update(&self, tx: &mut Tx) -> DbResult<bool> {
        let (close_at, decideur, motif, mots) = fin(&self.etat);
        let lignes = tx
            .execute(
                sql!(
                    "UPDATE revendication SET etat = $3, close_at = $4, decideur_id = $5, motif = $6, mots = $7, version = version + 1
                      WHERE id = $1 AND version = $2"
                ),
                &params![self.id, self.version, self.etat.code(), close_at, decideur, motif, mots],
            )
            .await?;
        Ok(lignes == 1)
    }
}

#[derive(sqlx::FromRow)]
struct LigneId {
    id: Uuid,
}

/// The claim of an organisation on a place that waits or was granted.
///
/// # Errors
/// The engine's.
pub async fn en_cours(tx: &mut Tx, lieu: Uuid, organisation: Uuid) -> DbResult<Option<Uuid>> {
    let ligne: Option<LigneId> = tx
        .fetch_optional(
            sql!("SELECT id FROM revendication WHERE lieu_id = $1 AND organisation = $2 AND etat IN ('demandee', 'accordee')"),
            &params![lieu, code_organisation(organisation)],
        )
        .await?;
    Ok(ligne.map(|l| l.id))
}

/// A claim in a list, with its place.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Resume {
    /// The claim.
    pub id: Uuid,
    /// When it was asked.
    pub demandee_at: Instant,
    /// The name of the place.
    pub nom: String,
    /// The commune of the place.
    pub commune: String,
}

/// A claim as who asked takes it away.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Demandee {
    /// The name of the place.
    pub nom: String,
    /// The code of the organisation for which it was asked.
    pub organisation: String,
    /// Why, in their words.
    pub motivation: String,
    /// The code of its state.
    pub etat: String,
    /// When it was asked.
    pub demandee_at: Instant,
    /// When it was closed.
    pub close_at: Option<Instant>,
    /// What was answered.
    pub mots: Option<String>,
}

/// The claims that a person made, the latest first.
///
/// # Errors
/// The engine's.
pub async fn de_personne(tx: &mut Tx, personne: Uuid) -> DbResult<Vec<Demandee>> {
    tx.fetch_all(
        sql!(
            "SELECT l.nom, r.organisation, r.motivation, r.etat, r.demandee_at, r.close_at, r.mots
               FROM revendication r JOIN lieu l ON l.id = r.lieu_id WHERE r.par_id = $1 ORDER BY r.demandee_at DESC, r.id DESC"
        ),
        &params![personne],
    )
    .await
}

/// The claims in a state that this scope holds by their organisation or by the territory of their place, the oldest first, after that one.
///
/// # Errors
/// The engine's.
pub async fn lister_dans(
    tx: &mut Tx,
    portee: &Scope,
    etat: &str,
    apres: Option<(Instant, Uuid)>,
    limite: u32,
) -> DbResult<Vec<Resume>> {
    let (at, id) = apres.unwrap_or((Instant::from_micros(0), Uuid::nil()));
    let mut valeurs: Vec<Value> = params![portee.is_everything(), etat, at, id, limite].into();
    valeurs.extend(portee::codes(portee));
    let requete = sql!(
        "SELECT r.id, r.demandee_at, l.nom, l.commune FROM revendication r JOIN lieu l ON l.id = r.lieu_id
          WHERE r.etat = $2 AND (r.demandee_at, r.id) > ($3, $4)
            AND ($1 OR r.organisation IN ($6, ...)
                 OR EXISTS (SELECT 1 FROM lieu_portee p
                             WHERE p.lieu_id = r.lieu_id AND p.code NOT LIKE 'O:%' AND p.code IN ($6, ...)))
          ORDER BY r.demandee_at, r.id LIMIT $5"
    );
    tx.fetch_all(requete.with_list(6, valeurs.len() - 5), &valeurs).await
}
