//! Words of names, addresses and communes, folded: which places hold a word, the beginning of one, or one with a typing error.

use std::collections::BTreeMap;
use territoire::plier_nom;

/// Words shorter than this must be written exactly or be the beginning of one.
const LONGUEUR_TOLERANTE: usize = 5;
/// How many words one typed word may stand for.
const VARIANTES_MAX: usize = 64;

/// Which places hold which word.
#[derive(Debug, Default)]
pub struct Mots {
    vocabulaire: Vec<(Box<str>, Box<[u32]>)>,
}

impl Mots {
    /// Indexes texts; the rank of each text is the rank of its place.
    pub fn construire<'a>(textes: impl Iterator<Item = Vec<&'a str>>) -> Self {
        let mut index: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (rang, champs) in (0_u32..).zip(textes) {
            for champ in champs {
                for mot in plier_nom(champ).split(' ').filter(|m| m.len() > 1) {
                    match index.get_mut(mot) {
                        Some(rangs) if rangs.last() == Some(&rang) => {}
                        Some(rangs) => rangs.push(rang),
                        None => {
                            index.insert(mot.to_owned(), vec![rang]);
                        }
                    }
                }
            }
        }
        let vocabulaire = index
            .into_iter()
            .map(|(m, r)| (m.into_boxed_str(), r.into_boxed_slice()))
            .collect();
        Self { vocabulaire }
    }

    /// The places that hold every word of a text, in rank order; `None` when the text holds no word.
    pub fn chercher(&self, texte: &str) -> Option<Vec<u32>> {
        let plie = plier_nom(texte);
        let mut communs: Option<Vec<u32>> = None;
        for mot in plie.split(' ').filter(|m| m.len() > 1) {
            let rangs = self.rangs(mot);
            communs = Some(match communs {
                None => rangs,
                Some(avant) => intersection(&avant, &rangs),
            });
        }
        communs
    }

    fn rangs(&self, mot: &str) -> Vec<u32> {
        let debut = self.vocabulaire.partition_point(|(m, _)| m.as_ref() < mot);
        let mut listes: Vec<&[u32]> = self.vocabulaire[debut..]
            .iter()
            .take_while(|(m, _)| m.starts_with(mot))
            .map(|(_, rangs)| rangs.as_ref())
            .collect();
        if listes.is_empty() && mot.len() >= LONGUEUR_TOLERANTE {
            listes = self
                .vocabulaire
                .iter()
                .filter(|(m, _)| a_une_faute_pres(mot.as_bytes(), m.as_bytes()))
                .take(VARIANTES_MAX)
                .map(|(_, rangs)| rangs.as_ref())
                .collect();
        }
        let mut tous: Vec<u32> = listes.concat();
        tous.sort_unstable();
        tous.dedup();
        tous
    }
}

fn intersection(a: &[u32], b: &[u32]) -> Vec<u32> {
    let (mut i, mut j) = (0, 0);
    let mut communs = Vec::new();
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                communs.push(a[i]);
                i += 1;
                j += 1;
            }
        }
    }
    communs
}

/// Whether one insertion, deletion, substitution or swap of neighbours makes one word of the other.
fn a_une_faute_pres(a: &[u8], b: &[u8]) -> bool {
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let avant = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (ra, rb) = (&a[avant..], &b[avant..]);
    let suite = |x: &[u8], y: &[u8], n: usize, m: usize| x.get(n..).is_some() && x.get(n..) == y.get(m..);
    a == b
        || suite(ra, rb, 1, 1)
        || suite(ra, rb, 1, 0)
        || suite(ra, rb, 0, 1)
        || (ra.len() > 1 && rb.len() > 1 && ra[0] == rb[1] && ra[1] == rb[0] && suite(ra, rb, 2, 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Mots {
        let textes = [
            ["Médiathèque Jean-Vilar", "Angers"],
            ["Mairie de St Étienne", "Saint-Étienne"],
            ["Médiathèque du Bourg", "Œting"],
        ];
        Mots::construire(textes.iter().map(|t| t.to_vec()))
    }

    #[test]
    fn un_lieu_se_trouve_sans_accent_par_un_debut_et_a_une_faute_pres() {
        let index = index();
        let cas: [(&str, &[u32]); 8] = [
            ("mediatheque", &[0, 2]),
            ("médiat angers", &[0]),
            ("saint etienne", &[1]),
            ("ST ETIENNE", &[1]),
            ("oeting", &[2]),
            ("mediahteque vilar", &[0]),
            ("mairie angers", &[]),
            ("zzz", &[]),
        ];
        for (texte, attendus) in cas {
            assert_eq!(index.chercher(texte).as_deref(), Some(attendus), "{texte}");
        }
        assert_eq!(index.chercher(" - "), None);
    }

    #[test]
    fn une_faute_est_une_lettre_en_plus_en_moins_changee_ou_deux_inversees() {
        for (b, attendu) in [
            ("angers", true),
            ("anger", true),
            ("angeers", true),
            ("angars", true),
            ("agners", true),
            ("nagesr", false),
            ("ange", false),
        ] {
            assert_eq!(a_une_faute_pres(b"angers", b.as_bytes()), attendu, "{b}");
        }
    }
}
