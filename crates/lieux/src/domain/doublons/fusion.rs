//! Makes one place of several records of it, field by field, and says where each field came from.
//!
//! The newest record wins; older ones fill what it lacks and lengthen its lists, unless one of the two is older than
//! half a year: what an old record says of services or hours is no longer trusted, only its national programmes are.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;
use uuid::Uuid;

use crate::domain::lieu::{Lieu, Precision, ajouter_une_fois};
use crate::domain::listes::{Dispositif, ListeFermee};
use crate::domain::pivot::Pivot;

/// From which records the columns of the standard were taken, in order, where it is not from the newest alone.
pub type Provenance = BTreeMap<&'static str, Vec<Uuid>>;

/// One place made of several records.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fusion {
    /// The merged place; it keeps the oldest identifier of the group.
    pub lieu: Lieu,
    /// The identifiers that become aliases of the kept one.
    pub absorbes: Vec<Uuid>,
    /// The newest record, from which every column comes that `provenance` does not name.
    pub principale: Uuid,
    /// Where the other columns come from.
    pub provenance: Provenance,
}

/// Twice 182.5 days, so that half a day needs no fraction.
const DEMI_ANNEE_DOUBLEE: i32 = 365;

/// Merges records of one place, as seen on that day; `None` when there are none.
pub fn fusionner(lieux: &[&Lieu], aujourd_hui: Date) -> Option<Fusion> {
    let mut ordre: Vec<&Lieu> = lieux.to_vec();
    ordre.sort_by_key(|lieu| (std::cmp::Reverse(lieu.date_maj), lieu.id));
    let (recent, anciens) = ordre.split_first()?;
    let mut atelier = Atelier {
        lieu: (*recent).clone(),
        principale: recent.id,
        provenance: Provenance::new(),
    };
    for ancien in anciens {
        let mut ancien = (*ancien).clone();
        if est_perime(recent.date_maj, aujourd_hui) || est_perime(ancien.date_maj, aujourd_hui) {
            atelier.joindre(Dispositif::COLONNE, &mut ancien, |l| &mut l.dispositifs);
        } else {
            atelier.completer_par(&mut ancien);
        }
    }
    let garde = ordre.iter().map(|l| l.id).min()?;
    atelier.lieu.id = garde;
    let absorbes = ordre.iter().map(|l| l.id).filter(|id| *id != garde).collect();
    let Atelier {
        lieu,
        principale,
        provenance,
    } = atelier;
    Some(Fusion {
        lieu,
        absorbes,
        principale,
        provenance,
    })
}

fn est_perime(date_maj: Date, aujourd_hui: Date) -> bool {
    date_maj
        .until(aujourd_hui)
        .is_ok_and(|age| age.get_days().saturating_mul(2) > DEMI_ANNEE_DOUBLEE)
}

/// A merge under way.
struct Atelier {
    lieu: Lieu,
    principale: Uuid,
    provenance: Provenance,
}

impl Atelier {
    /// Takes what the older record adds; it is emptied on the way.
    fn completer_par(&mut self, ancien: &mut Lieu) {
        self.completer_le_lieu(ancien);
        self.completer("telephone", ancien, |l| &mut l.contact.telephone);
        self.completer("horaires", ancien, |l| &mut l.horaires);
        self.completer("presentation_resume", ancien, |l| &mut l.presentation.resume);
        self.completer("presentation_detail", ancien, |l| &mut l.presentation.detail);
        self.completer("source", ancien, |l| &mut l.source);
        self.completer("structure_parente", ancien, |l| &mut l.structure_parente);
        self.completer("fiche_acces_libre", ancien, |l| &mut l.fiche_acces_libre);
        self.completer("prise_rdv", ancien, |l| &mut l.prise_rdv);
        self.joindre("courriels", ancien, |l| &mut l.contact.courriels);
        self.joindre("site_web", ancien, |l| &mut l.contact.sites_web);
        self.joindre("typologie", ancien, |l| &mut l.typologies);
        self.joindre("itinerance", ancien, |l| &mut l.itinerance);
        self.joindre("services", ancien, |l| &mut l.services);
        self.joindre("publics_specifiquement_adresses", ancien, |l| &mut l.publics);
        self.joindre("prise_en_charge_specifique", ancien, |l| &mut l.prises_en_charge);
        self.joindre("frais_a_charge", ancien, |l| &mut l.frais);
        self.joindre(Dispositif::COLONNE, ancien, |l| &mut l.dispositifs);
        self.joindre("formations_labels", ancien, |l| &mut l.formations);
        self.joindre("autres_formations_labels", ancien, |l| &mut l.autres_formations);
        self.joindre("modalites_acces", ancien, |l| &mut l.modalites_acces);
        self.joindre("modalites_accompagnement", ancien, |l| &mut l.modalites_accompagnement);
        self.joindre("visites", ancien, |l| &mut l.visites);
    }

    /// Who runs it and where it is: an unknown identifier or a point that only names the commune gives way.
    fn completer_le_lieu(&mut self, ancien: &mut Lieu) {
        if self.lieu.pivot == Pivot::Inconnu && ancien.pivot != Pivot::Inconnu {
            self.lieu.pivot = ancien.pivot.clone();
            self.provenance.insert("pivot", vec![ancien.id]);
        }
        if self.lieu.adresse.voie.is_empty() && !ancien.adresse.voie.is_empty() {
            self.lieu.adresse = ancien.adresse.clone();
            self.provenance.insert("adresse", vec![ancien.id]);
        } else {
            self.completer("complement_adresse", ancien, |l| &mut l.adresse.complement);
            self.completer("code_insee", ancien, |l| &mut l.adresse.code_insee);
        }
        let vague = self.lieu.position.is_none_or(|p| p.precision == Precision::Commune);
        if vague && ancien.position.is_some_and(|p| p.precision != Precision::Commune) {
            self.lieu.position = None;
        }
        self.completer("latitude", ancien, |l| &mut l.position);
    }

    /// Takes an older record's value where there is none yet.
    fn completer<T>(&mut self, colonne: &'static str, ancien: &mut Lieu, champ: fn(&mut Lieu) -> &mut Option<T>) {
        let ici = champ(&mut self.lieu);
        if ici.is_none() {
            *ici = champ(ancien).take();
            if ici.is_some() {
                self.provenance.insert(colonne, vec![ancien.id]);
            }
        }
    }

    /// Adds an older record's values after those already there.
    fn joindre<T: PartialEq>(&mut self, colonne: &'static str, ancien: &mut Lieu, champ: fn(&mut Lieu) -> &mut Vec<T>) {
        let ici = champ(&mut self.lieu);
        let avant = ici.len();
        for valeur in champ(ancien).drain(..) {
            ajouter_une_fois(ici, valeur);
        }
        if ici.len() > avant {
            let premiers = if avant == 0 { Vec::new() } else { vec![self.principale] };
            self.provenance.entry(colonne).or_insert(premiers).push(ancien.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::doublons::mesure::Tirage;
    use crate::domain::lieu::Telephone;
    use crate::domain::listes::Service;
    use jiff::civil::date;

    const AUJOURD_HUI: Date = date(2026, 6, 1);

    /// Two records of one place: the second is newer.
    fn deux_fiches() -> (Lieu, Lieu) {
        let mut tirage = Tirage::de(1);
        let ancienne = tirage.lieu_quelconque();
        let mut recente = Lieu {
            id: tirage.identifiant(),
            date_maj: date(2026, 5, 1),
            ..ancienne.clone()
        };
        recente.nom = "Médiathèque du Centre".into();
        recente.contact.telephone = None;
        recente.services = vec![Service::AideDemarches];
        (
            Lieu {
                services: vec![Service::AccesInternetMateriel],
                contact: crate::domain::lieu::Contact {
                    telephone: Telephone::lire("0474000000").ok(),
                    ..ancienne.contact.clone()
                },
                ..ancienne
            },
            recente,
        )
    }

    #[test]
    fn la_fiche_recente_l_emporte_et_l_ancienne_complete() {
        let (ancienne, recente) = deux_fiches();
        let fusion = fusionner(&[&ancienne, &recente], AUJOURD_HUI).unwrap();
        assert_eq!(fusion.lieu.nom, "Médiathèque du Centre");
        assert_eq!(fusion.lieu.contact.telephone, ancienne.contact.telephone);
        assert_eq!(
            fusion.lieu.services,
            [Service::AideDemarches, Service::AccesInternetMateriel]
        );
        assert_eq!(fusion.principale, recente.id);
        assert_eq!(fusion.provenance["telephone"], [ancienne.id]);
        assert_eq!(fusion.provenance["services"], [recente.id, ancienne.id]);
    }

    #[test]
    fn le_plus_ancien_identifiant_reste_et_les_autres_y_menent() {
        let (ancienne, recente) = deux_fiches();
        let fusion = fusionner(&[&recente, &ancienne], AUJOURD_HUI).unwrap();
        assert_eq!(fusion.lieu.id, ancienne.id.min(recente.id));
        assert_eq!(fusion.absorbes, [ancienne.id.max(recente.id)]);
    }

    #[test]
    fn une_fiche_de_plus_d_une_demi_annee_ne_dit_plus_que_ses_programmes() {
        let (ancienne, recente) = deux_fiches();
        let perimee = Lieu {
            date_maj: date(2025, 11, 30),
            dispositifs: vec![Dispositif::FranceServices],
            ..ancienne
        };
        let fusion = fusionner(&[&perimee, &recente], AUJOURD_HUI).unwrap();
        assert_eq!(fusion.lieu.services, [Service::AideDemarches]);
        assert_eq!(fusion.lieu.contact.telephone, None);
        assert_eq!(fusion.lieu.dispositifs, [Dispositif::FranceServices]);
        let juste_avant = Lieu {
            date_maj: date(2025, 12, 1),
            ..perimee
        };
        assert_eq!(
            fusionner(&[&juste_avant, &recente], AUJOURD_HUI)
                .unwrap()
                .lieu
                .services
                .len(),
            2
        );
    }
}
