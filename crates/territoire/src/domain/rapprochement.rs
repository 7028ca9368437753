//! Recognises a commune in a table, from a name and a postal code that people typed.

use super::{entites::Commune, lexique::a_une_faute, pliage::plier_nom, referentiel::Referentiel};

/// How near two names are; the order is that of the preference.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Proximite {
    Meme,
    UneFaute,
    /// One begins the other; this many letters differ.
    Debut(usize),
}

/// Among candidates, the one that bears this name, or the nearest: one typing error, then a name that begins the other.
pub fn rapprocher<'n, T>(nom: &str, candidats: impl IntoIterator<Item = (&'n str, T)>) -> Option<T> {
    let cherche = compact(nom);
    let proches = candidats
        .into_iter()
        .filter_map(|(autre, candidat)| Some((proximite(&cherche, &compact(autre))?, candidat)));
    proches.min_by(|(a, _), (b, _)| a.cmp(b)).map(|(_, candidat)| candidat)
}

fn compact(nom: &str) -> String {
    plier_nom(nom).replace(' ', "")
}

fn proximite(a: &str, b: &str) -> Option<Proximite> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    if a == b {
        return Some(Proximite::Meme);
    }
    if a.len() > 3 && a_une_faute(a.as_bytes(), b.as_bytes()) {
        return Some(Proximite::UneFaute);
    }
    let commence = a.starts_with(b) || b.starts_with(a);
    (commence && a.len().min(b.len()) > 2).then_some(Proximite::Debut(a.len().abs_diff(b.len())))
}

impl Referentiel {
    /// The one present commune that bears exactly this name, once folded; nothing when several do.
    pub fn par_nom(&self, nom: &str) -> Option<&Commune> {
        let cherche = compact(nom);
        let mut memes = self
            .chercher(nom, 2)
            .into_iter()
            .map(|t| t.commune)
            .filter(|c| compact(c.nom) == cherche);
        memes.next().filter(|_| memes.next().is_none())
    }

    /// The commune of this postal code whose name, or whose former name, is this one or the nearest.
    pub fn par_nom_et_code_postal(&self, nom: &str, code_postal: &str) -> Option<&Commune> {
        rapprocher(
            nom,
            self.par_code_postal(code_postal).map(|commune| (commune.nom, commune)),
        )
        .or_else(|| {
            let trouvees = self.chercher(&format!("{code_postal} {nom}"), 1);
            trouvees.first().filter(|t| t.exacte).map(|t| t.commune)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn le_nom_exact_passe_avant_le_plus_proche() {
        let noms = ["Brizon", "Bonneville", "BONNE"];
        let rapprocher = |nom| rapprocher(nom, noms.map(|n| (n, n)));
        assert_eq!(rapprocher("bonne"), Some("BONNE"));
        assert_eq!(rapprocher("bonnevill"), Some("Bonneville"));
        assert_eq!(rapprocher("bonneville-trois-monts"), Some("Bonneville"));
        assert_eq!(rapprocher("Lyon"), None);
        assert_eq!(rapprocher(""), None);
    }

    #[test]
    fn un_nom_seul_n_est_reconnu_que_s_il_est_unique() {
        let r = Referentiel::embarque();
        assert_eq!(r.par_nom("L ARBRESLE").unwrap().code.as_str(), "69010");
        assert_eq!(r.par_nom("saint-denis"), None);
        assert_eq!(
            r.par_nom_et_code_postal("St Denis", "93200").unwrap().code.as_str(),
            "93066"
        );
        assert_eq!(
            r.par_nom_et_code_postal("Arbignieu", "01300").unwrap().code.as_str(),
            "01015"
        );
        assert_eq!(r.par_nom_et_code_postal("Lyon", "93200"), None);
    }
}
