//! What every closed list of the standard can do: codes, labels, and the reading of any known spelling.

use std::{collections::HashMap, sync::LazyLock};

use territoire::plier;

use super::listes::{
    Dispositif, FormationLabel, Frais, Itinerance, ModaliteAcces, ModaliteAccompagnement, PriseEnCharge, Public,
    Service,
};
use super::typologie::Typologie;

/// One value of a closed list.
#[derive(Debug)]
pub struct Entree<T: 'static> {
    /// The value itself.
    pub valeur: T,
    /// Short stable code, for addresses and for the database.
    pub code: &'static str,
    /// The exact label of the standard v1.0.2, or a readable name for a typologie.
    pub libelle: &'static str,
    /// Other spellings, those of older versions included; case, accents and punctuation do not count.
    pub alias: &'static [&'static str],
}

/// A list whose values are all known.
pub trait ListeFermee: Copy + Eq + Ord + 'static {
    /// The column of the standard v1.0.2 that holds it.
    const COLONNE: &'static str;
    /// Every value, in the order of the standard.
    const VALEURS: &'static [Entree<Self>];

    /// Position of the value in [`Self::VALEURS`].
    fn indice(self) -> usize;

    /// Short stable code.
    fn code(self) -> &'static str {
        Self::VALEURS[self.indice()].code
    }

    /// The exact label of the standard.
    fn libelle(self) -> &'static str {
        Self::VALEURS[self.indice()].libelle
    }

    /// Other spellings of the value.
    fn alias(self) -> &'static [&'static str] {
        Self::VALEURS[self.indice()].alias
    }

    /// What the standard v1.0.2 wants in its cell: the label, except where its own pattern misspells it.
    fn ecrire(self) -> &'static str {
        self.libelle()
    }

    /// The value that has this code.
    fn du_code(code: &str) -> Option<Self> {
        Self::VALEURS.iter().find(|e| e.code == code).map(|e| e.valeur)
    }

    /// The value that a text names: exact label first, then any known spelling.
    fn lire(texte: &str) -> Option<Self> {
        if let Some(exacte) = Self::VALEURS.iter().find(|e| e.libelle == texte) {
            return Some(exacte.valeur);
        }
        let indice = *GRAPHIES.get(Self::COLONNE)?.get(&plier(texte))?;
        Some(Self::VALEURS[indice].valeur)
    }

    /// Every value, in the order of the standard.
    fn toutes() -> impl Iterator<Item = Self> {
        Self::VALEURS.iter().map(|e| e.valeur)
    }
}

type Graphies = HashMap<String, usize>;

static GRAPHIES: LazyLock<HashMap<&'static str, Graphies>> = LazyLock::new(|| {
    HashMap::from([
        graphies::<Service>(),
        graphies::<Public>(),
        graphies::<PriseEnCharge>(),
        graphies::<Frais>(),
        graphies::<Dispositif>(),
        graphies::<FormationLabel>(),
        graphies::<ModaliteAcces>(),
        graphies::<ModaliteAccompagnement>(),
        graphies::<Itinerance>(),
        graphies::<Typologie>(),
    ])
});

/// Every folded spelling of a list; a code or a label wins over an alias of another value.
fn graphies<L: ListeFermee>() -> (&'static str, Graphies) {
    let mut plis = Graphies::new();
    for (indice, entree) in L::VALEURS.iter().enumerate() {
        plis.entry(plier(entree.code)).or_insert(indice);
    }
    for (indice, entree) in L::VALEURS.iter().enumerate() {
        plis.entry(plier(entree.libelle)).or_insert(indice);
    }
    for (indice, entree) in L::VALEURS.iter().enumerate() {
        for alias in entree.alias {
            plis.entry(plier(alias)).or_insert(indice);
        }
    }
    (L::COLONNE, plis)
}
