//! Places in the database: one row each, lists as codes joined by `|`.

use super::portee;
use crate::domain::{
    lieu::{
        Adresse, Contact, Courriel, Lieu, Passage, Pivot, Position, Precision, Presentation, SiteWeb, Telephone, Visite,
    },
    listes::ListeFermee,
};
use socle::{
    clock::Instant,
    db::{DayColumn, DbResult, Tx},
    params, sql,
};
use sqlx::FromRow;
use std::{collections::HashMap, fmt::Display};
use territoire::Point;
use uuid::Uuid;

/// Places read at a time, so that a whole read never holds two copies of everything.
const LOT: i64 = 5_000;

/// Whether a place is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Etat {
    /// Shown.
    Publie,
    /// Gone from its source.
    Retire,
    /// Part of another place.
    Fusionne,
}

impl Etat {
    /// Its stable code.
    pub fn code(self) -> &'static str {
        match self {
            Etat::Publie => "publie",
            Etat::Retire => "retire",
            Etat::Fusionne => "fusionne",
        }
    }
}

#[derive(FromRow)]
struct Ligne {
    id: Uuid,
    pivot: String,
    nom: String,
    voie: String,
    complement: Option<String>,
    commune: String,
    code_postal: String,
    code_insee: Option<String>,
    longitude: Option<f64>,
    latitude: Option<f64>,
    precision_position: Option<String>,
    typologies: String,
    telephone: Option<String>,
    courriels: String,
    sites_web: String,
    horaires: Option<String>,
    presentation_resume: Option<String>,
    presentation_detail: Option<String>,
    source: Option<String>,
    itinerance: String,
    structure_parente: Option<String>,
    date_maj: DayColumn,
    services: String,
    publics: String,
    prises_en_charge: String,
    frais: String,
    dispositifs: String,
    formations: String,
    autres_formations: String,
    modalites_acces: String,
    modalites_accompagnement: String,
    fiche_acces_libre: Option<String>,
    prise_rdv: Option<String>,
}

#[derive(FromRow)]
struct LigneVisite {
    lieu_id: Uuid,
    endroit: Option<String>,
    code_insee: Option<String>,
    jour: Option<DayColumn>,
    horaires: Option<String>,
    regle: Option<String>,
}

/// A row that this program did not write.
#[derive(Debug, thiserror::Error)]
#[error("lieu {id} : la colonne {colonne} contient « {valeur} »")]
struct Incoherente {
    id: Uuid,
    colonne: &'static str,
    valeur: String,
}

impl Ligne {
    fn lieu(self, visites: Vec<Visite>) -> DbResult<Lieu> {
        let id = self.id;
        let position = match (self.longitude, self.latitude, &self.precision_position) {
            (Some(longitude), Some(latitude), Some(code)) => Precision::du_code(code).map(|precision| Position {
                point: Point { longitude, latitude },
                precision,
            }),
            _ => None,
        };
        Ok(Lieu {
            id,
            pivot: lire(id, "pivot", &self.pivot, Pivot::lire)?,
            nom: self.nom,
            adresse: Adresse {
                voie: self.voie,
                complement: self.complement,
                commune: self.commune,
                code_postal: self.code_postal,
                code_insee: self
                    .code_insee
                    .map(|code| lire(id, "code_insee", &code, str::parse))
                    .transpose()?,
            },
            position,
            typologies: codes(id, &self.typologies)?,
            contact: Contact {
                telephone: self
                    .telephone
                    .map(|t| lire(id, "telephone", &t, Telephone::lire))
                    .transpose()?,
                courriels: liste(&self.courriels)
                    .map(|c| lire(id, "courriels", c, Courriel::lire))
                    .collect::<Result<_, _>>()?,
                sites_web: liste(&self.sites_web)
                    .map(|s| lire(id, "sites_web", s, SiteWeb::lire))
                    .collect::<Result<_, _>>()?,
            },
            horaires: self.horaires,
            presentation: Presentation {
                resume: self.presentation_resume,
                detail: self.presentation_detail,
            },
            source: self.source,
            itinerance: codes(id, &self.itinerance)?,
            structure_parente: self.structure_parente,
            date_maj: self.date_maj.0,
            services: codes(id, &self.services)?,
            publics: codes(id, &self.publics)?,
            prises_en_charge: codes(id, &self.prises_en_charge)?,
            frais: codes(id, &self.frais)?,
            dispositifs: codes(id, &self.dispositifs)?,
            formations: codes(id, &self.formations)?,
            autres_formations: liste(&self.autres_formations).map(str::to_owned).collect(),
            modalites_acces: codes(id, &self.modalites_acces)?,
            modalites_accompagnement: codes(id, &self.modalites_accompagnement)?,
            fiche_acces_libre: self
                .fiche_acces_libre
                .map(|s| lire(id, "fiche_acces_libre", &s, SiteWeb::lire))
                .transpose()?,
            prise_rdv: self
                .prise_rdv
                .map(|s| lire(id, "prise_rdv", &s, SiteWeb::lire))
                .transpose()?,
            visites,
        })
    }
}

impl LigneVisite {
    fn visite(self) -> DbResult<Visite> {
        let id = self.lieu_id;
        let quand = match (self.jour, self.regle) {
            (Some(jour), None) => Passage::Date {
                date: jour.0,
                horaires: self.horaires,
            },
            (None, Some(regle)) => Passage::Recurrent { regle },
            _ => return Err(incoherente(id, "regle", "")),
        };
        let commune = self
            .code_insee
            .map(|code| lire(id, "code_insee", &code, str::parse))
            .transpose()?;
        Ok(Visite {
            endroit: self.endroit,
            commune,
            quand,
        })
    }
}

fn incoherente(id: Uuid, colonne: &'static str, valeur: &str) -> sqlx::Error {
    sqlx::Error::Decode(Box::new(Incoherente {
        id,
        colonne,
        valeur: valeur.to_owned(),
    }))
}

fn lire<T, E>(id: Uuid, colonne: &'static str, valeur: &str, f: impl Fn(&str) -> Result<T, E>) -> DbResult<T> {
    f(valeur).map_err(|_| incoherente(id, colonne, valeur))
}

fn liste(texte: &str) -> impl Iterator<Item = &str> {
    texte.split('|').filter(|t| !t.is_empty())
}

fn codes<L: ListeFermee>(id: Uuid, texte: &str) -> DbResult<Vec<L>> {
    liste(texte)
        .map(|code| L::du_code(code).ok_or_else(|| incoherente(id, L::COLONNE, code)))
        .collect()
}

fn joindre_codes<L: ListeFermee>(valeurs: &[L]) -> String {
    joindre(valeurs.iter().map(|v| v.code()))
}

fn joindre<T: Display>(valeurs: impl Iterator<Item = T>) -> String {
    valeurs
        .map(|v| v.to_string().replace('|', " "))
        .collect::<Vec<_>>()
        .join("|")
}

/// Adds a place.
///
/// # Errors
/// The engine's.
pub async fn creer(tx: &mut Tx, lieu: &Lieu, at: Instant) -> DbResult<()> {
    tx.execute(
        sql!("INSERT INTO lieu (etat, cree_at, id, modifie_at, pivot, nom, voie, complement, commune, code_postal, code_insee, longitude,
                latitude, precision_position, typologies, telephone, courriels, sites_web, horaires, presentation_resume, presentation_detail,
                source, itinerance, structure_parente, date_maj, services, publics, prises_en_charge, frais, dispositifs, formations,
                autres_formations, modalites_acces, modalites_accompagnement, fiche_acces_libre, prise_rdv)
              VALUES ('publie', $2, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
                $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34)"),
        &valeurs(lieu, at),
    )
    .await?;
    portee::ajouter_territoires(tx, lieu).await?;
    ajouter_visites(tx, lieu).await
}

/// Saves every field of a place, and shows it.
///
/// # Errors
/// The engine's.
pub async fn enregistrer(tx: &mut Tx, lieu: &Lieu, at: Instant) -> DbResult<()> {
    tx.execute(
        sql!("UPDATE lieu SET etat = 'publie', modifie_at = $2, pivot = $3, nom = $4, voie = $5, complement = $6, commune = $7, code_postal = $8,
                code_insee = $9, longitude = $10, latitude = $11, precision_position = $12, typologies = $13, telephone = $14, courriels = $15,
                sites_web = $16, horaires = $17, presentation_resume = $18, presentation_detail = $19, source = $20, itinerance = $21,
                structure_parente = $22, date_maj = $23, services = $24, publics = $25, prises_en_charge = $26, frais = $27, dispositifs = $28,
                formations = $29, autres_formations = $30, modalites_acces = $31, modalites_accompagnement = $32, fiche_acces_libre = $33,
                prise_rdv = $34, version = version + 1 WHERE id = $1"),
        &valeurs(lieu, at),
    )
    .await?;
    portee::ranger(tx, lieu).await?;
    tx.execute(sql!("DELETE FROM lieu_visite WHERE lieu_id = $1"), &params![lieu.id])
        .await?;
    ajouter_visites(tx, lieu).await
}

fn valeurs(lieu: &Lieu, at: Instant) -> [socle::db::Value; 34] {
    let adresse = &lieu.adresse;
    params![
        lieu.id,
        at,
        lieu.pivot.as_str(),
        lieu.nom.as_str(),
        adresse.voie.as_str(),
        adresse.complement.as_deref(),
        adresse.commune.as_str(),
        adresse.code_postal.as_str(),
        adresse.code_insee.as_ref().map(|code| code.as_str()),
        lieu.position.map(|p| p.point.longitude),
        lieu.position.map(|p| p.point.latitude),
        lieu.position.map(|p| p.precision.code()),
        joindre_codes(&lieu.typologies),
        lieu.contact.telephone.as_ref().map(Telephone::as_str),
        joindre(lieu.contact.courriels.iter()),
        joindre(lieu.contact.sites_web.iter()),
        lieu.horaires.as_deref(),
        lieu.presentation.resume.as_deref(),
        lieu.presentation.detail.as_deref(),
        lieu.source.as_deref(),
        joindre_codes(&lieu.itinerance),
        lieu.structure_parente.as_deref(),
        lieu.date_maj,
        joindre_codes(&lieu.services),
        joindre_codes(&lieu.publics),
        joindre_codes(&lieu.prises_en_charge),
        joindre_codes(&lieu.frais),
        joindre_codes(&lieu.dispositifs),
        joindre_codes(&lieu.formations),
        joindre(lieu.autres_formations.iter()),
        joindre_codes(&lieu.modalites_acces),
        joindre_codes(&lieu.modalites_accompagnement),
        lieu.fiche_acces_libre.as_ref().map(SiteWeb::as_str),
        lieu.prise_rdv.as_ref().map(SiteWeb::as_str),
    ]
}

async fn ajouter_visites(tx: &mut Tx, lieu: &Lieu) -> DbResult<()> {
    for (rang, visite) in (0_i64..).zip(&lieu.visites) {
        let (jour, horaires, regle) = match &visite.quand {
            Passage::Date { date, horaires } => (Some(*date), horaires.as_deref(), None),
            Passage::Recurrent { regle } => (None, None, Some(regle.as_str())),
        };
        let commune = visite.commune.as_ref().map(|code| code.as_str());
        tx.execute(
            sql!("INSERT INTO lieu_visite (lieu_id, rang, endroit, code_insee, jour, horaires, regle) VALUES ($1, $2, $3, $4, $5, $6, $7)"),
            &params![lieu.id, rang, visite.endroit.as_deref(), commune, jour, horaires, regle],
        )
        .await?;
    }
    Ok(())
}

/// Changes whether a place is shown.
///
/// # Errors
/// The engine's.
pub async fn changer_etat(tx: &mut Tx, id: Uuid, etat: Etat, at: Instant) -> DbResult<bool> {
    let lignes = tx
        .execute(
            sql!("UPDATE lieu SET etat = $2, modifie_at = $3, version = version + 1 WHERE id = $1 AND etat <> $2"),
            &params![id, etat.code(), at],
        )
        .await?;
    Ok(lignes == 1)
}

/// A place, whatever its state.
///
/// # Errors
/// The engine's.
pub async fn trouver(tx: &mut Tx, id: Uuid) -> DbResult<Option<Lieu>> {
    let ligne: Option<Ligne> = tx
        .fetch_optional(sql!("SELECT * FROM lieu WHERE id = $1"), &params![id])
        .await?;
    let Some(ligne) = ligne else { return Ok(None) };
    let visites: Vec<LigneVisite> = tx
        .fetch_all(
            sql!("SELECT * FROM lieu_visite WHERE lieu_id = $1 ORDER BY rang"),
            &params![id],
        )
        .await?;
    let visites = visites.into_iter().map(LigneVisite::visite).collect::<DbResult<_>>()?;
    ligne.lieu(visites).map(Some)
}

/// Every place that is shown, by identifier.
///
/// # Errors
/// The engine's.
pub async fn publics(tx: &mut Tx) -> DbResult<Vec<Lieu>> {
    let mut visites: HashMap<Uuid, Vec<Visite>> = HashMap::new();
    let lignes: Vec<LigneVisite> = tx
        .fetch_all(
            sql!("SELECT v.* FROM lieu_visite v JOIN lieu l ON l.id = v.lieu_id WHERE l.etat = 'publie' ORDER BY v.lieu_id, v.rang"),
            &[],
        )
        .await?;
    for ligne in lignes {
        visites.entry(ligne.lieu_id).or_default().push(ligne.visite()?);
    }
    let mut lieux: Vec<Lieu> = Vec::new();
    let mut apres = Uuid::nil();
    loop {
        let lot: Vec<Ligne> = tx
            .fetch_all(
                sql!("SELECT * FROM lieu WHERE etat = 'publie' AND id > $1 ORDER BY id LIMIT $2"),
                &params![apres, LOT],
            )
            .await?;
        let Some(dernier) = lot.last() else { return Ok(lieux) };
        apres = dernier.id;
        lieux.reserve(lot.len());
        for ligne in lot {
            let siennes = visites.remove(&ligne.id).unwrap_or_default();
            lieux.push(ligne.lieu(siennes)?);
        }
    }
}

#[derive(FromRow)]
struct LigneAlias {
    alias: String,
    lieu_id: Uuid,
}

/// Every former or external identifier, with the place that it names.
///
/// # Errors
/// The engine's.
pub async fn alias(tx: &mut Tx) -> DbResult<Vec<(String, Uuid)>> {
    let lignes: Vec<LigneAlias> = tx.fetch_all(sql!("SELECT alias, lieu_id FROM lieu_alias"), &[]).await?;
    Ok(lignes.into_iter().map(|l| (l.alias, l.lieu_id)).collect())
}

/// Gives a place one more name; the name then leaves the place that had it.
///
/// # Errors
/// The engine's.
pub async fn ajouter_alias(tx: &mut Tx, alias: &str, lieu: Uuid, at: Instant) -> DbResult<()> {
    tx.execute(
        sql!("INSERT INTO lieu_alias (alias, lieu_id, cree_at) VALUES ($1, $2, $3) ON CONFLICT (alias) DO UPDATE SET lieu_id = $2"),
        &params![alias, lieu, at],
    )
    .await
    .map(drop)
}

/// Gives a place one more name, unless another place has it.
///
/// # Errors
/// The engine's.
pub async fn ajouter_alias_libre(tx: &mut Tx, alias: &str, lieu: Uuid, at: Instant) -> DbResult<()> {
    tx.execute(
        sql!("INSERT INTO lieu_alias (alias, lieu_id, cree_at) VALUES ($1, $2, $3) ON CONFLICT (alias) DO NOTHING"),
        &params![alias, lieu, at],
    )
    .await
    .map(drop)
}
