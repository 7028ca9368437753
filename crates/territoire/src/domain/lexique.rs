//! A sorted list of short texts that can be looked up whole, begun, contained or with one typing error.

use std::collections::BTreeMap;

/// Texts being gathered, each with what bears it.
#[derive(Default)]
pub(super) struct Recueil(BTreeMap<String, Vec<u16>>);

/// A sorted set of texts, each with the entries that bear it.
#[derive(Debug, Default)]
pub(super) struct Lexique {
    texte: String,
    /// Where each text starts in `texte`, and where its entries start in `entrees`; one more for the end.
    debuts: Vec<(u32, u32)>,
    entrees: Vec<u16>,
    /// For each length in bytes, the letters of each text (see [`lettres`]) and its rank.
    par_longueur: Vec<Vec<(u32, u32)>>,
}

impl Recueil {
    /// Entries come in ascending order.
    pub(super) fn noter(&mut self, texte: &str, entree: u16) {
        match self.0.get_mut(texte) {
            Some(entrees) if entrees.last() == Some(&entree) => {}
            Some(entrees) => entrees.push(entree),
            None => {
                self.0.insert(texte.to_owned(), vec![entree]);
            }
        }
    }

    pub(super) fn ranger(self) -> Lexique {
        let mut lexique = Lexique::default();
        for (rang, (texte, entrees)) in (0u32..).zip(self.0) {
            let longueurs = lexique.par_longueur.len().max(texte.len() + 1);
            lexique.par_longueur.resize(longueurs, Vec::new());
            lexique.par_longueur[texte.len()].push((lettres(texte.as_bytes()), rang));
            lexique.marquer_debut();
            lexique.texte.push_str(&texte);
            // No text holds this character: a search never runs over two of them.
            lexique.texte.push('\n');
            lexique.entrees.extend(entrees);
        }
        lexique.marquer_debut();
        lexique
    }
}

impl Lexique {
    fn marquer_debut(&mut self) {
        self.debuts.push((self.texte.len() as u32, self.entrees.len() as u32));
    }

    fn nombre(&self) -> usize {
        self.debuts.len() - 1
    }

    pub(super) fn texte(&self, rang: usize) -> &str {
        &self.texte[self.debuts[rang].0 as usize..self.debuts[rang + 1].0 as usize - 1]
    }

    pub(super) fn entrees(&self, rang: usize) -> &[u16] {
        &self.entrees[self.debuts[rang].1 as usize..self.debuts[rang + 1].1 as usize]
    }

    /// Rank of the first text that is not before this one.
    fn borne(&self, texte: &str) -> usize {
        let (mut bas, mut haut) = (0, self.nombre());
        while bas < haut {
            let milieu = usize::midpoint(bas, haut);
            if self.texte(milieu) < texte {
                bas = milieu + 1
            } else {
                haut = milieu
            }
        }
        bas
    }

    pub(super) fn exact(&self, texte: &str) -> Option<usize> {
        Some(self.borne(texte)).filter(|rang| *rang < self.nombre() && self.texte(*rang) == texte)
    }

    pub(super) fn commencant_par(&self, debut: &str) -> impl Iterator<Item = usize> {
        (self.borne(debut)..self.nombre()).take_while(move |rang| self.texte(*rang).starts_with(debut))
    }

    pub(super) fn contenant(&self, partie: &str) -> impl Iterator<Item = usize> {
        let places = memchr::memmem::find_iter(self.texte.as_bytes(), partie).collect::<Vec<_>>();
        places
            .into_iter()
            .map(|place| self.debuts.partition_point(|(debut, _)| *debut as usize <= place) - 1)
    }

    pub(super) fn a_une_faute(&self, texte: &str) -> impl Iterator<Item = usize> {
        // A letter of another alphabet counts as one wrong letter.
        let cherche: Vec<u8> = texte
            .chars()
            .map(|c| if c.is_ascii() { c as u8 } else { b'?' })
            .collect();
        let presentes = lettres(&cherche);
        let longueurs = cherche.len().saturating_sub(1)..=cherche.len() + 1;
        let voisins = longueurs
            .filter_map(|longueur| self.par_longueur.get(longueur))
            .flatten();
        // One error changes two letters at most: most texts are set aside without being read.
        let plausibles = voisins.filter(move |(lettres, _)| (lettres ^ presentes).count_ones() <= 2);
        plausibles
            .map(|(_, rang)| *rang as usize)
            .filter(move |rang| a_une_faute(self.texte(*rang).as_bytes(), &cherche))
    }
}

/// The set of letters of a text, a bit each; digits and others share a bit.
fn lettres(texte: &[u8]) -> u32 {
    texte.iter().fold(0, |lettres, octet| {
        lettres | 1 << if octet.is_ascii_lowercase() { octet - b'a' } else { 26 }
    })
}

/// Whether two texts differ by at most one insertion, deletion, substitution or swap of neighbours.
pub(super) fn a_une_faute(a: &[u8], b: &[u8]) -> bool {
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let commun = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[commun..], &b[commun..]);
    let fin = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    match (&a[..a.len() - fin], &b[..b.len() - fin]) {
        ([], []) | ([_], []) | ([], [_]) | ([_], [_]) => true,
        ([x, y], [z, t]) => x == t && y == z,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn une_faute_est_une_lettre_de_trop_de_moins_changee_ou_deux_echangees() {
        for (a, b, attendu) in [
            ("lille", "lille", true),
            ("lille", "lile", true),
            ("lille", "lilles", true),
            ("lille", "liIle", true),
            ("lille", "illle", true),
            ("lille", "ilel", false),
            ("lille", "lles", false),
            ("abcd", "badc", false),
            ("", "a", true),
            ("", "ab", false),
        ] {
            assert_eq!(a_une_faute(a.as_bytes(), b.as_bytes()), attendu, "{a} {b}");
        }
    }

    #[test]
    fn un_lexique_se_lit_de_quatre_facons() {
        let mut recueil = Recueil::default();
        for (entree, texte) in (0..).zip(["saint", "denis", "saint", "sainte"]) {
            recueil.noter(texte, entree);
        }
        let lexique = recueil.ranger();
        let textes = |rangs: Vec<usize>| {
            rangs
                .into_iter()
                .map(|rang| lexique.texte(rang))
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(lexique.entrees(lexique.exact("saint").unwrap()), [0, 2]);
        assert_eq!(textes(lexique.commencant_par("sai").collect()), "saint sainte");
        assert_eq!(textes(lexique.contenant("ni").collect()), "denis");
        assert_eq!(textes(lexique.a_une_faute("saint").collect()), "saint sainte");
        assert_eq!(lexique.exact("sain"), None);
    }
}
