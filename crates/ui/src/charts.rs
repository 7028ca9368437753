//! Small charts: horizontal bars and a line, drawn as SVG, always with their table of figures.

/// A chart: its title and its figures in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graphique {
    /// What it shows, in words.
    pub titre: String,
    /// Each label with its figure.
    pub valeurs: Vec<(String, u64)>,
}

/// A bar of a chart, in the units of its drawing, 400 wide.
#[derive(Debug, Clone, PartialEq)]
pub struct Barre<'a> {
    /// Its label.
    pub libelle: &'a str,
    /// Its figure.
    pub valeur: u64,
    /// Its length.
    pub largeur: u64,
    /// Its top.
    pub y: usize,
    /// The base of its label.
    pub y_texte: usize,
    /// Where its figure starts.
    pub x_valeur: u64,
    /// The base of its figure.
    pub y_valeur: usize,
}

/// Room for a label and its bar.
const RANGEE: usize = 40;
/// The longest bar; the rest is for its figure.
const LONGUEUR: u64 = 330;

impl Graphique {
    /// The height of the bars' drawing.
    pub fn hauteur(&self) -> usize {
        self.valeurs.len() * RANGEE
    }

    /// The bars, the largest figure taking the whole length.
    pub fn traits(&self) -> Vec<Barre<'_>> {
        let plus_grand = u128::from(self.plus_grand());
        let longueur = |valeur: u64| {
            let largeur = u128::from(valeur) * u128::from(LONGUEUR) / plus_grand;
            u64::try_from(largeur).unwrap_or(LONGUEUR)
        };
        self.valeurs
            .iter()
            .enumerate()
            .map(|(rang, (libelle, valeur))| Barre {
                libelle,
                valeur: *valeur,
                largeur: longueur(*valeur),
                y: rang * RANGEE + 20,
                y_texte: rang * RANGEE + 14,
                x_valeur: longueur(*valeur) + 8,
                y_valeur: rang * RANGEE + 31,
            })
            .collect()
    }

    /// The points of a line 400 wide and 80 high, as `polyline` takes them.
    pub fn points(&self) -> String {
        let plus_grand = self.plus_grand() as f64;
        let pas = 396.0 / self.valeurs.len().saturating_sub(1).max(1) as f64;
        let point = |(rang, (_, valeur)): (usize, &(String, u64))| {
            let x = 2.0 + pas * rang as f64;
            let y = 78.0 - 76.0 * (*valeur as f64 / plus_grand);
            format!("{x:.1},{y:.1}")
        };
        self.valeurs.iter().enumerate().map(point).collect::<Vec<_>>().join(" ")
    }

    fn plus_grand(&self) -> u64 {
        self.valeurs.iter().map(|(_, valeur)| *valeur).max().unwrap_or(1).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graphique(valeurs: &[u64]) -> Graphique {
        Graphique {
            titre: "Lieux".into(),
            valeurs: valeurs.iter().map(|v| (v.to_string(), *v)).collect(),
        }
    }

    #[test]
    fn la_plus_grande_barre_prend_toute_la_longueur() {
        let largeurs = |v: &[u64]| graphique(v).traits().iter().map(|b| b.largeur).collect::<Vec<_>>();
        assert_eq!(largeurs(&[10, 5, 0]), [330, 165, 0]);
        assert_eq!(largeurs(&[0, 0]), [0, 0]);
        assert_eq!(largeurs(&[u64::MAX]), [330]);
    }

    #[test]
    fn une_courbe_va_d_un_bord_a_l_autre() {
        assert_eq!(graphique(&[0, 1, 2]).points(), "2.0,78.0 200.0,40.0 398.0,2.0");
        assert_eq!(graphique(&[]).points(), "");
        assert_eq!(graphique(&[3]).points(), "2.0,2.0");
    }
}
