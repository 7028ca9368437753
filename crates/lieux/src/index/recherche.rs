//! The search itself: candidates by the narrowest way in, one pass of filters, counts, then the asked slice in order.

use super::{
    Index,
    demande::{Curseur, Demande, Reponse, Trouve},
    entrees::{Attaches, Direction, Ecart},
    facettes::{self, Compteur, Groupe, Masque},
};
use crate::domain::{
    filtres::{Ouverture, Territoire},
    lieu::Lieu,
};
use jiff::civil::Weekday;
use rstar::PointDistance;
use socle::clock::Instant;
use std::collections::HashMap;
use territoire::{CodeCommune, Point};
use uuid::Uuid;

/// The radius inside which an answer is looked for when a centre comes without one, in metres: France and its seas.
const SANS_RAYON_M: f64 = 21_000_000.0;

/// A candidate that passed, with how far it is.
type Retenu = (u32, Ecart);

impl Index {
    /// Searches; `maintenant` decides what is open.
    pub fn chercher(&self, demande: &Demande, maintenant: Instant) -> Reponse<'_> {
        let mut passage = Passage::new(self, demande, maintenant);
        let mut compteur = demande.comptes.then(Compteur::default);
        let mut retenus: Vec<Retenu> = Vec::new();
        self.chaque_candidat(demande, |rang| {
            let masque = self.entrees[rang as usize].masque;
            let Some(ecart) = passage.ecart(rang) else {
                return;
            };
            match passage.echecs(rang) {
                Echecs::Aucun => {
                    if let Some(compteur) = &mut compteur {
                        compteur.ajouter(masque);
                    }
                    retenus.push((rang, ecart));
                }
                Echecs::Un(groupe) => {
                    if let Some(compteur) = &mut compteur {
                        compteur.ajouter(masque.et(&passage.domaine(groupe)));
                    }
                }
                Echecs::Plusieurs => {}
            }
        });
        let fin = demande.decalage.saturating_add(demande.limite);
        if demande.origine().is_some() {
            trier_jusqu_a(&mut retenus, fin.max(demande.points));
        } else {
            retenus.sort_unstable_by_key(|(rang, _)| self.rang_du_nom[*rang as usize]);
        }
        let tranche = demande.decalage.min(retenus.len())..fin.min(retenus.len());
        Reponse {
            total: retenus.len(),
            lieux: retenus[tranche].iter().map(|retenu| self.trouve(*retenu)).collect(),
            points: retenus
                .iter()
                .take(demande.points)
                .filter_map(|(rang, _)| self.point(*rang))
                .collect(),
            comptes: compteur.map(Compteur::comptes),
        }
    }

    /// Reads on after a cursor: by distance with a centre, by identifier otherwise. Gives the cursor of what follows.
    pub fn lister(
        &self,
        demande: &Demande,
        apres: Option<Curseur>,
        maintenant: Instant,
    ) -> (Vec<Trouve<'_>>, Option<Curseur>) {
        let mut trouves = match demande.origine() {
            Some(centre) => self.par_distance(demande, centre, apres, maintenant),
            None => self.par_identifiant(demande, apres, maintenant),
        };
        let suite = (trouves.len() > demande.limite).then(|| {
            trouves.truncate(demande.limite);
            trouves.last().map(|dernier| match dernier.distance_m {
                Some(metres) if demande.origine().is_some() => {
                    Curseur::ApresDistance(millimetres(metres), dernier.lieu.id)
                }
                _ => Curseur::ApresId(dernier.lieu.id),
            })
        });
        (trouves, suite.flatten())
    }

    fn trouve(&self, (rang, ecart): Retenu) -> Trouve<'_> {
        Trouve {
            lieu: &self.lieux[rang as usize],
            distance_m: ecart.metres(),
        }
    }

    fn point(&self, rang: u32) -> Option<Point> {
        self.lieux[rang as usize].position.map(|p| p.point)
    }

    /// Calls `f` with each place that the narrowest way in gives.
    fn chaque_candidat(&self, demande: &Demande, mut f: impl FnMut(u32)) {
        if let Some(rangs) = demande.texte.as_deref().and_then(|texte| self.mots.chercher(texte)) {
            rangs.into_iter().for_each(f);
        } else if let (Some(centre), Some(rayon)) = (demande.origine(), demande.portee_m()) {
            let proches = self
                .arbre
                .locate_within_distance(Direction::de(centre).simple(), elargi(Ecart::de_metres(rayon)));
            proches.for_each(|point| f(point.data));
        } else if let Some(codes) = communes_seules(&demande.filtres.territoires) {
            codes
                .filter_map(|code| self.par_commune.get(&code))
                .flatten()
                .copied()
                .for_each(f);
        } else {
            (0..u32::try_from(self.lieux.len()).unwrap_or(u32::MAX)).for_each(f);
        }
    }

    fn par_distance(
        &self,
        demande: &Demande,
        centre: Point,
        apres: Option<Curseur>,
        maintenant: Instant,
    ) -> Vec<Trouve<'_>> {
        let mut passage = Passage::new(self, demande, maintenant);
        let seuil = match apres {
            Some(Curseur::ApresDistance(mm, id)) => Some((mm, id)),
            _ => None,
        };
        // Words leave few places: sorting them is shorter than walking outwards from the centre.
        if demande.texte.is_some() {
            let tous = Demande {
                limite: usize::MAX,
                decalage: 0,
                comptes: false,
                ..demande.clone()
            };
            let mut trouves = self.chercher(&tous, maintenant).lieux;
            trouves.retain(|t| seuil.is_none_or(|seuil| place_dans_la_lecture(t) > Some(seuil)));
            trouves.sort_by_key(place_dans_la_lecture);
            trouves.truncate(demande.limite + 1);
            return trouves;
        }
        let limite = elargi(Ecart::de_metres(demande.portee_m().unwrap_or(SANS_RAYON_M)));
        let origine = Direction::de(centre).simple();
        let mut lot: Vec<Retenu> = Vec::new();
        for voisin in self.arbre.nearest_neighbor_iter(origine) {
            if voisin.distance_2(&origine) > limite {
                break;
            }
            let Some(ecart) = passage.ecart(voisin.data) else {
                continue;
            };
            let vu = seuil
                .zip(ecart.metres())
                .is_some_and(|(seuil, metres)| (millimetres(metres), self.lieux[voisin.data as usize].id) <= seuil);
            if vu || !matches!(passage.echecs(voisin.data), Echecs::Aucun) {
                continue;
            }
            // The tree compares in single precision: a few more are taken, so that the exact order is right at the cut.
            lot.push((voisin.data, ecart));
            if lot.len() > demande.limite + 8 {
                break;
            }
        }
        let mut trouves: Vec<_> = lot.into_iter().map(|retenu| self.trouve(retenu)).collect();
        trouves.sort_by_key(place_dans_la_lecture);
        trouves.truncate(demande.limite + 1);
        trouves
    }

    fn par_identifiant(&self, demande: &Demande, apres: Option<Curseur>, maintenant: Instant) -> Vec<Trouve<'_>> {
        let mut passage = Passage::new(self, demande, maintenant);
        let debut = match apres {
            Some(Curseur::ApresId(id)) => self.par_id.partition_point(|(autre, _)| *autre <= id),
            _ => 0,
        };
        let parmi = demande.texte.as_deref().and_then(|texte| self.mots.chercher(texte));
        self.par_id[debut..]
            .iter()
            .filter(|(_, rang)| parmi.as_ref().is_none_or(|p| p.binary_search(rang).is_ok()))
            .filter_map(|(_, rang)| {
                let ecart = passage.ecart(*rang)?;
                matches!(passage.echecs(*rang), Echecs::Aucun).then_some((*rang, ecart))
            })
            .take(demande.limite + 1)
            .map(|retenu| self.trouve(retenu))
            .collect()
    }
}

/// What the tree is asked for, which compares in single precision: a little more than the radius.
fn elargi(ecart: Ecart) -> f32 {
    ecart.0 as f32 * 1.001
}

/// Where a place stands in a listing by distance: as a cursor says it, so that none is passed over between two pages.
fn place_dans_la_lecture(trouve: &Trouve<'_>) -> Option<(u64, Uuid)> {
    trouve.distance_m.map(|metres| (millimetres(metres), trouve.lieu.id))
}

/// A distance in whole millimetres, which a cursor can carry exactly.
fn millimetres(metres: f64) -> u64 {
    (metres * 1000.0).round() as u64
}

/// Sorts by distance as far as the slice that will be shown.
fn trier_jusqu_a(retenus: &mut [Retenu], fin: usize) {
    let ordre = |a: &Retenu, b: &Retenu| a.1.0.total_cmp(&b.1.0).then(a.0.cmp(&b.0));
    if fin < retenus.len() {
        retenus.select_nth_unstable_by(fin, ordre);
        retenus[..fin].sort_unstable_by(ordre);
    } else {
        retenus.sort_unstable_by(ordre);
    }
}

/// Which groups of filters a place fails: counts need to know when it is one alone.
enum Echecs {
    Aucun,
    Un(usize),
    Plusieurs,
}

/// One pass of filters over candidates.
struct Passage<'a> {
    index: &'a Index,
    demande: &'a Demande,
    maintenant: Instant,
    origine: Option<Direction>,
    portee: Option<Ecart>,
    groupes: Vec<(Groupe, Masque)>,
    labels_libres: Vec<String>,
    ouvertures: HashMap<(u32, u16), bool>,
}

impl<'a> Passage<'a> {
    fn new(index: &'a Index, demande: &'a Demande, maintenant: Instant) -> Self {
        let (groupes, labels_libres) = facettes::demandes(&demande.filtres);
        Self {
            index,
            demande,
            maintenant,
            origine: demande.origine().map(Direction::de),
            portee: demande.portee_m().map(Ecart::de_metres),
            groupes,
            labels_libres,
            ouvertures: HashMap::new(),
        }
    }

    /// How far the place is, unknown without centre or position; `None` outside the radius or the rectangle.
    fn ecart(&self, rang: u32) -> Option<Ecart> {
        if let Some(boite) = &self.demande.boite
            && !self.index.point(rang).is_some_and(|p| boite.contient(p))
        {
            return None;
        }
        let Some(origine) = self.origine else {
            return Some(Ecart::INCONNU);
        };
        let Some(direction) = self.index.entrees[rang as usize].direction else {
            return self.portee.is_none().then_some(Ecart::INCONNU);
        };
        let ecart = origine.ecart(direction);
        self.portee.is_none_or(|portee| ecart <= portee).then_some(ecart)
    }

    fn echecs(&mut self, rang: u32) -> Echecs {
        let (index, filtres) = (self.index, &self.demande.filtres);
        let est_dans = filtres.territoires.is_empty() || est_dans(&filtres.territoires, &index.attaches[rang as usize]);
        if !(est_dans && self.a_les_faits(rang)) {
            return Echecs::Plusieurs;
        }
        let masque = &index.entrees[rang as usize].masque;
        let mut echec = Echecs::Aucun;
        for (k, (_, voulu)) in self.groupes.iter().enumerate() {
            if !masque.croise(voulu) {
                echec = match echec {
                    Echecs::Aucun => Echecs::Un(k),
                    _ => return Echecs::Plusieurs,
                };
            }
        }
        if let Some(ouverture) = filtres.ouverture
            && !self.est_ouvert(&index.attaches[rang as usize], ouverture)
        {
            return Echecs::Plusieurs;
        }
        echec
    }

    /// The bits of a group, all of them: what its filter compares.
    fn domaine(&self, rang: usize) -> Masque {
        self.groupes[rang].0.domaine()
    }

    /// What no bit says: dates, sources, free labels.
    fn a_les_faits(&self, rang: u32) -> bool {
        let (demande, filtres) = (self.demande, &self.demande.filtres);
        if demande.modifie_depuis.is_none() && filtres.sources.is_empty() && self.labels_libres.is_empty() {
            return true;
        }
        let lieu: &Lieu = &self.index.lieux[rang as usize];
        demande.modifie_depuis.is_none_or(|jour| lieu.date_maj >= jour)
            && (filtres.sources.is_empty() || lieu.source.as_ref().is_some_and(|s| filtres.sources.contains(s)))
            && (self.labels_libres.is_empty() || lieu.autres_formations.iter().any(|l| self.labels_libres.contains(l)))
    }

    fn est_ouvert(&mut self, attaches: &Attaches, ouverture: Ouverture) -> bool {
        let Some(rang) = attaches.horaires else { return false };
        let index = self.index;
        let maintenant = self.maintenant;
        *self.ouvertures.entry((rang, attaches.calendrier)).or_insert_with(|| {
            let Some(horaires) = index.partages.horaires(rang) else {
                return false;
            };
            let calendrier = index.partages.calendrier(attaches.calendrier);
            match ouverture {
                Ouverture::Maintenant => {
                    horaires.est_ouvert(calendrier.heure_locale(maintenant), calendrier) == Some(true)
                }
                Ouverture::Le(quand) => horaires.est_ouvert(quand, calendrier) == Some(true),
                Ouverture::CeWeekEnd => {
                    let local = calendrier.heure_locale(maintenant);
                    let debut = match local.date().weekday() {
                        Weekday::Saturday | Weekday::Sunday => local.date(),
                        jour => local
                            .date()
                            .saturating_add(jiff::Span::new().days(i64::from(jour.until(Weekday::Saturday)))),
                    };
                    horaires.ouvert_le_week_end(debut, calendrier)
                }
            }
        })
    }
}

/// The communes asked for, when nothing wider is asked beside them.
fn communes_seules(territoires: &[Territoire]) -> Option<impl Iterator<Item = CodeCommune>> {
    let seules = !territoires.is_empty() && territoires.iter().all(|t| matches!(t, Territoire::Commune(_)));
    seules.then(|| {
        let mut codes: Vec<CodeCommune> = territoires
            .iter()
            .filter_map(|t| match t {
                Territoire::Commune(code) => Some(*code),
                _ => None,
            })
            .collect();
        codes.sort_unstable();
        codes.dedup();
        codes.into_iter()
    })
}

fn est_dans(territoires: &[Territoire], attaches: &Attaches) -> bool {
    territoires.iter().any(|territoire| match territoire {
        Territoire::Commune(code) => attaches.commune == Some(*code) || attaches.actuelle == Some(*code),
        Territoire::Epci(siren) => attaches.epci == Some(*siren),
        // A collectivity has no département: its code stands in the same place of an address.
        Territoire::Departement(code) => {
            attaches.departement == Some(*code) || attaches.collectivite.is_some_and(|c| c.as_str() == code.as_str())
        }
        Territoire::Region(code) => attaches.region == Some(*code),
    })
}
