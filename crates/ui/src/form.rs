//! A form as it was sent: its values, its errors by field, and what the page needs to show both again.

use axum::http::StatusCode;
use socle::{db::Tx, errors::Erreur};
use std::fmt::Display;

/// An error of a form, at its field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErreurChamp {
    /// The field's name, which is also the id of its control.
    pub champ: String,
    /// What is wrong and what to do, in plain words.
    pub message: String,
}

/// The values of a form and the errors found in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Formulaire {
    valeurs: Vec<(String, String)>,
    erreurs: Vec<ErreurChamp>,
}

impl Formulaire {
    /// A form that nobody filled yet.
    pub fn vide() -> Self {
        Self::default()
    }

    /// A form filled with what was sent: `Form<Vec<(String, String)>>` or `Query<Vec<(String, String)>>` gives it.
    pub fn rempli(valeurs: Vec<(String, String)>) -> Self {
        Self {
            valeurs,
            erreurs: Vec::new(),
        }
    }

    /// The same form with this value written beforehand.
    pub fn avec(mut self, champ: &str, valeur: impl Display) -> Self {
        self.valeurs.push((champ.to_owned(), valeur.to_string()));
        self
    }

    /// The first value of a field, without the spaces around it; empty when it was not sent.
    pub fn valeur(&self, champ: &str) -> &str {
        self.valeurs(champ).next().unwrap_or_default()
    }

    /// Every value of a field, for checkboxes.
    pub fn valeurs<'a>(&'a self, champ: &str) -> impl Iterator<Item = &'a str> {
        self.valeurs
            .iter()
            .filter(move |(nom, _)| nom == champ)
            .map(|(_, valeur)| valeur.trim())
    }

    /// The part of a date in three fields: `partie("naissance", "mois")` is the value of `naissance_mois`.
    pub fn partie(&self, champ: &str, partie: &str) -> &str {
        self.valeur(&format!("{champ}_{partie}"))
    }

    /// Whether a field has this value, for radio buttons, checkboxes and lists.
    pub fn choisi(&self, champ: &str, valeur: &str) -> bool {
        self.valeurs(champ).any(|v| v == valeur)
    }

    /// Reads a field as a domain type; what the type refuses becomes the error of the field.
    pub fn lire<T, E: Display>(&mut self, champ: &str, lire: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
        match lire(self.valeur(champ)) {
            Ok(valeur) => Some(valeur),
            Err(erreur) => {
                self.refuser(champ, erreur);
                None
            }
        }
    }

    /// Puts an error at a field, as a sentence; the first error of a field is the one shown there.
    pub fn refuser(&mut self, champ: &str, message: impl Display) {
        self.erreurs.push(ErreurChamp {
            champ: champ.to_owned(),
            message: crate::formats::majuscule(&message.to_string()),
        });
    }

    /// Puts a refusal at its field, or at `defaut`.
    ///
    /// # Errors
    /// Every other error, as it is.
    pub fn refuser_de(&mut self, defaut: &str, erreur: Erreur) -> Result<(), Erreur> {
        match erreur {
            Erreur::Refus(refus) | Erreur::Demande(refus) => {
                self.refuser(refus.champ.as_deref().unwrap_or(defaut), &refus.message);
            }
            Erreur::Limite { secondes } => {
                let attente = duree(secondes);
                self.refuser(
                    defaut,
                    format!("trop d’essais à la suite\u{a0}: attendez {attente} avant de recommencer"),
                );
            }
            autre => return Err(autre),
        }
        Ok(())
    }

    /// Ends what this form asked: commits and gives what was done, or rolls back and puts the refusal at its field, or at `defaut`.
    ///
    /// # Errors
    /// What is no refusal; the engine's.
    pub async fn conclure<T>(&mut self, tx: Tx, fait: Result<T, Erreur>, defaut: &str) -> Result<Option<T>, Erreur> {
        match fait {
            Ok(fait) => {
                tx.commit().await?;
                Ok(Some(fait))
            }
            Err(erreur) => {
                tx.rollback().await?;
                self.refuser_de(defaut, erreur)?;
                Ok(None)
            }
        }
    }

    /// The error of a field.
    pub fn erreur(&self, champ: &str) -> Option<&str> {
        self.erreurs
            .iter()
            .find(|e| e.champ == champ)
            .map(|e| e.message.as_str())
    }

    /// Every error, in the order found.
    pub fn erreurs(&self) -> &[ErreurChamp] {
        &self.erreurs
    }

    /// Whether nothing was refused.
    pub fn est_correct(&self) -> bool {
        self.erreurs.is_empty()
    }

    /// The status of the page that shows the form: 422 when something was refused.
    pub fn statut(&self) -> StatusCode {
        if self.est_correct() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        }
    }
}

/// A wait in words.
fn duree(secondes: u32) -> String {
    match secondes {
        0..=1 => "une seconde".to_owned(),
        2..=90 => format!("{secondes} secondes"),
        _ => format!("{} minutes", secondes.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use socle::errors::Refus;

    #[test]
    fn un_refus_va_a_son_champ_et_une_panne_continue() {
        let mut form = Formulaire::vide();
        form.refuser_de("nom", Refus::new("écrivez un nom").into()).unwrap();
        form.refuser_de("nom", Refus::champ("age", "écrivez un âge").into())
            .unwrap();
        form.refuser_de("code", Erreur::Limite { secondes: 3600 }).unwrap();
        assert_eq!(form.erreur("nom"), Some("Écrivez un nom"));
        assert_eq!(form.erreur("age"), Some("Écrivez un âge"));
        assert!(form.erreur("code").is_some_and(|e| e.contains("attendez 60 minutes")));
        assert!(matches!(form.refuser_de("nom", Erreur::Conflit), Err(Erreur::Conflit)));
        assert_eq!([duree(1), duree(61)], ["une seconde", "61 secondes"]);
    }

    #[test]
    fn un_champ_refuse_garde_sa_valeur_et_son_message() {
        let mut form = Formulaire::rempli(vec![("age".into(), " douze ".into()), ("nom".into(), "Awa".into())]);
        let age: Option<u8> = form.lire("age", |v| {
            v.parse().map_err(|_| "Écrivez l’âge en chiffres, par exemple 34")
        });
        assert_eq!(age, None);
        assert_eq!(form.valeur("age"), "douze");
        assert_eq!(form.erreur("age"), Some("Écrivez l’âge en chiffres, par exemple 34"));
        assert_eq!(form.erreur("nom"), None);
        assert_eq!(form.statut(), StatusCode::UNPROCESSABLE_ENTITY);
    }

    #[test]
    fn des_cases_cochees_se_lisent_une_a_une() {
        let form = Formulaire::vide().avec("public", "jeunes").avec("public", "seniors");
        assert!(
            form.choisi("public", "jeunes") && form.choisi("public", "seniors") && !form.choisi("public", "femmes")
        );
        assert!(form.est_correct());
        assert_eq!(form.statut(), StatusCode::OK);
    }
}
