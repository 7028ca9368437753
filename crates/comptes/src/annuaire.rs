//! The public company search: what it knows of a SIREN or a SIRET, or why it says nothing. A form can always be filled by hand.

use serde::Deserialize;
use socle::{App, AppBuilder, errors::Erreur, module::BoxFuture};
use std::{sync::Arc, time::Duration};
use territoire::{
    CodeCommune,
    geocodeur::{client_borne, sans_service},
};

use crate::domain::{
    forme::FormeJuridique,
    identifiant::{Rna, Siren, Siret},
};

/// What is asked of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Demande {
    /// An organisation, by its number; its seat answers for it.
    Siren(Siren),
    /// One of its establishments.
    Siret(Siret),
}

impl Demande {
    fn numero(&self) -> &str {
        match self {
            Demande::Siren(siren) => siren.as_str(),
            Demande::Siret(siret) => siret.as_str(),
        }
    }

    fn siren(&self) -> Siren {
        match self {
            Demande::Siren(siren) => siren.clone(),
            Demande::Siret(siret) => siret.siren(),
        }
    }
}

/// What the directory knows; what it may not publish is absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FicheAnnuaire {
    /// Number of the organisation.
    pub siren: Siren,
    /// Its name.
    pub nom: Option<String>,
    /// Its form, when its category tells it.
    pub forme: Option<FormeJuridique>,
    /// Its number as an association.
    pub rna: Option<Rna>,
    /// Whether it has ceased to exist.
    pub cessee: bool,
    /// Number of the establishment asked for, or of the seat.
    pub siret: Option<Siret>,
    /// The establishment's own name.
    pub enseigne: Option<String>,
    /// Its address, on one line.
    pub adresse: Option<String>,
    /// Its commune.
    pub commune: Option<CodeCommune>,
    /// Whether it is the seat.
    pub siege: bool,
    /// Whether it is closed.
    pub ferme: bool,
}

/// Why the directory says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// The operator has not set a directory.
    Desactive,
    /// It did not answer within its time budget.
    HorsDelai,
    /// It failed, or refused to answer.
    Injoignable,
    /// It does not know this number.
    Inconnu,
}

impl Silence {
    /// What people read, with what they can do.
    pub fn phrase(self) -> &'static str {
        match self {
            Silence::Desactive => {
                "L’annuaire des entreprises n’est pas consulté sur ce site : remplissez les champs vous-même."
            }
            Silence::HorsDelai => {
                "L’annuaire des entreprises tarde à répondre : remplissez les champs vous-même, ou recommencez dans un instant."
            }
            Silence::Injoignable => {
                "L’annuaire des entreprises ne répond pas : remplissez les champs vous-même, ou recommencez plus tard."
            }
            Silence::Inconnu => {
                "L’annuaire des entreprises ne connaît pas ce numéro : vérifiez-le. S’il est juste (création récente, diffusion restreinte), remplissez les champs vous-même."
            }
        }
    }
}

/// A directory of organisations.
pub trait Annuaire: Send + Sync {
    /// What it knows of a number.
    fn chercher<'a>(&'a self, demande: &'a Demande) -> BoxFuture<'a, Result<FicheAnnuaire, Silence>>;
}

/// Prepares the directory that the operator set, if there is one, before the first request.
///
/// # Errors
/// When the machine has no certificates of the authorities.
pub fn demarrer(builder: &mut AppBuilder) -> Result<(), Erreur> {
    if let Some(service) = &builder.settings.directory {
        let annuaire = RechercheEntreprises::nouveau(&service.url, service.budget)
            .map_err(|cause| sans_service("annuaire.url", "l’annuaire des entreprises", &cause))?;
        builder.insert(Arc::new(annuaire));
    }
    Ok(())
}

/// Asks the directory of this instance, when its operator set one.
pub async fn consulter(app: &App, demande: &Demande) -> Result<FicheAnnuaire, Silence> {
    match app.try_part::<RechercheEntreprises>() {
        Some(annuaire) => annuaire.chercher(demande).await,
        None => Err(Silence::Desactive),
    }
}

/// The State's company search (recherche-entreprises.api.gouv.fr), or one that speaks like it.
#[derive(Clone, Debug)]
pub struct RechercheEntreprises {
    client: reqwest::Client,
    recherche: String,
}

#[derive(Deserialize)]
struct Reponse {
    results: Vec<Unite>,
}

#[derive(Deserialize)]
struct Unite {
    siren: String,
    nom_raison_sociale: Option<String>,
    nom_complet: Option<String>,
    nature_juridique: Option<String>,
    etat_administratif: Option<String>,
    siege: Option<Local>,
    #[serde(default)]
    matching_etablissements: Vec<Local>,
    #[serde(default)]
    complements: Complements,
}

#[derive(Deserialize)]
struct Local {
    siret: Option<String>,
    adresse: Option<String>,
    /// The INSEE code.
    commune: Option<String>,
    etat_administratif: Option<String>,
    #[serde(default)]
    liste_enseignes: Option<Vec<String>>,
    nom_commercial: Option<String>,
}

#[derive(Default, Deserialize)]
struct Complements {
    identifiant_association: Option<String>,
    #[serde(default)]
    est_ess: Option<bool>,
}

impl RechercheEntreprises {
    /// A client of the directory at this address, which gives up after `budget`.
    ///
    /// # Errors
    /// When the system gives no TLS roots.
    pub fn nouveau(url: &str, budget: Duration) -> Result<Self, reqwest::Error> {
        Ok(RechercheEntreprises {
            client: client_borne(budget)?,
            recherche: format!("{}/search", url.trim_end_matches('/')),
        })
    }

    async fn demander(&self, demande: &Demande) -> Result<FicheAnnuaire, Silence> {
        let parametres = [("q", demande.numero()), ("page", "1"), ("per_page", "1")];
        let requete = self.client.get(&self.recherche).query(&parametres);
        let reponse = requete
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .map_err(silence)?;
        let reponse: Reponse = reponse.json().await.map_err(silence)?;
        // A search by words may answer something else than the number asked for.
        let unite = reponse
            .results
            .into_iter()
            .find(|unite| unite.siren == demande.siren().as_str());
        unite.and_then(|unite| unite.fiche(demande)).ok_or(Silence::Inconnu)
    }
}

fn silence(erreur: reqwest::Error) -> Silence {
    if erreur.is_timeout() {
        Silence::HorsDelai
    } else {
        Silence::Injoignable
    }
}

/// What may not be published is written so.
const MASQUE: &str = "[NON-DIFFUSIBLE]";

fn publie(texte: Option<String>) -> Option<String> {
    let texte = texte?.split_whitespace().collect::<Vec<_>>().join(" ");
    (!texte.is_empty() && !texte.contains(MASQUE)).then_some(texte)
}

impl Unite {
    fn fiche(self, demande: &Demande) -> Option<FicheAnnuaire> {
        let siege = self.siege.as_ref().and_then(|s| s.siret.clone());
        let local = match demande {
            Demande::Siren(_) => self.siege,
            Demande::Siret(siret) => {
                let demande = |local: &Local| local.siret.as_deref() == Some(siret.as_str());
                self.matching_etablissements.into_iter().chain(self.siege).find(demande)
            }
        };
        // The organisation is known, but not the establishment that was asked for.
        let local = local?;
        let categorie = self.nature_juridique.as_deref().unwrap_or_default();
        let ess = self.complements.est_ess == Some(true);
        let forme = match FormeJuridique::de_la_categorie(categorie) {
            Some(FormeJuridique::Entreprise) | None if ess => Some(FormeJuridique::Ess),
            forme => forme,
        };
        Some(FicheAnnuaire {
            siren: demande.siren(),
            nom: publie(self.nom_raison_sociale).or_else(|| publie(self.nom_complet)),
            forme,
            rna: self
                .complements
                .identifiant_association
                .and_then(|rna| rna.parse().ok()),
            cessee: self.etat_administratif.as_deref() == Some("C"),
            siege: local.siret.is_some() && local.siret == siege,
            siret: local.siret.and_then(|siret| siret.parse().ok()),
            enseigne: publie(local.liste_enseignes.and_then(|noms| noms.into_iter().next()))
                .or_else(|| publie(local.nom_commercial)),
            adresse: publie(local.adresse),
            commune: local.commune.and_then(|code| code.parse().ok()),
            ferme: local.etat_administratif.as_deref() == Some("F"),
        })
    }
}

impl Annuaire for RechercheEntreprises {
    fn chercher<'a>(&'a self, demande: &'a Demande) -> BoxFuture<'a, Result<FicheAnnuaire, Silence>> {
        Box::pin(self.demander(demande))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use wiremock::{
        Mock, MockServer, ResponseTemplate,
        matchers::{method, path, query_param},
    };

    const SIRET: &str = "13002526500013";
    const BUDGET: Duration = Duration::from_millis(1500);

    fn unite() -> Value {
        json!({
            "siren": "130025265",
            "nom_complet": "DIRECTION INTERMINISTERIELLE DU NUMERIQUE (DINUM)",
            "nom_raison_sociale": "DIRECTION  INTERMINISTERIELLE DU NUMERIQUE",
            "nature_juridique": "7120",
            "etat_administratif": "A",
            "siege": {"siret": SIRET, "adresse": "20 AVENUE DE SEGUR 75007 PARIS", "commune": "75107", "etat_administratif": "A"},
            "matching_etablissements": [],
            "complements": {"identifiant_association": null, "est_ess": false}
        })
    }

    async fn demander(demande: Demande, reponse: ResponseTemplate) -> Result<FicheAnnuaire, Silence> {
        let serveur = MockServer::start().await;
        Mock::given(method("GET"))
            .and(path("/search"))
            .and(query_param("q", demande.numero()))
            .respond_with(reponse)
            .mount(&serveur)
            .await;
        let annuaire = RechercheEntreprises::nouveau(&serveur.uri(), BUDGET).unwrap();
        annuaire.chercher(&demande).await
    }

    fn siret() -> Demande {
        Demande::Siret(SIRET.parse().unwrap())
    }

    fn connues(unites: &[Value]) -> ResponseTemplate {
        ResponseTemplate::new(200).set_body_json(json!({"results": unites, "total_results": unites.len()}))
    }

    #[tokio::test]
    async fn un_numero_connu_remplit_la_fiche() {
        for demande in [siret(), Demande::Siren("130025265".parse().unwrap())] {
            let fiche = demander(demande, connues(&[unite()])).await.unwrap();
            assert_eq!(fiche.nom.as_deref(), Some("DIRECTION INTERMINISTERIELLE DU NUMERIQUE"));
            assert_eq!(
                (fiche.forme, fiche.siege, fiche.cessee),
                (Some(FormeJuridique::Etat), true, false)
            );
            assert_eq!(fiche.siret.as_ref().map(Siret::as_str), Some(SIRET));
            assert_eq!(fiche.commune.unwrap().as_str(), "75107");
        }
    }

    #[tokio::test]
    async fn une_antenne_fermee_d_une_association_garde_son_enseigne_et_son_rna() {
        let mut unite = unite();
        unite["nature_juridique"] = json!("9220");
        unite["complements"] = json!({"identifiant_association": "W751004076", "est_ess": true});
        unite["siege"]["siret"] = json!("13002526500021");
        unite["matching_etablissements"] = json!([
            {"siret": SIRET, "adresse": "[NON-DIFFUSIBLE]", "commune": "[NON-DIFFUSIBLE]", "etat_administratif": "F",
             "liste_enseignes": ["ANTENNE NORD"], "nom_commercial": null}
        ]);
        let fiche = demander(siret(), connues(&[unite])).await.unwrap();
        assert_eq!(
            (fiche.forme, fiche.siege, fiche.ferme),
            (Some(FormeJuridique::Association), false, true)
        );
        assert_eq!(fiche.rna.unwrap().as_str(), "W751004076");
        assert_eq!(
            (fiche.enseigne.as_deref(), fiche.adresse, fiche.commune),
            (Some("ANTENNE NORD"), None, None)
        );
    }

    #[tokio::test]
    async fn le_silence_dit_sa_raison() {
        let mut autre = unite();
        autre["siren"] = json!("356000000");
        let mut ailleurs = unite();
        ailleurs["siege"]["siret"] = json!("13002526500021");
        for (reponse, attendu) in [
            (connues(&[unite()]).set_delay(BUDGET * 3), Silence::HorsDelai),
            (ResponseTemplate::new(503), Silence::Injoignable),
            (ResponseTemplate::new(429), Silence::Injoignable),
            (
                ResponseTemplate::new(302).insert_header("location", "https://ailleurs.example/"),
                Silence::Injoignable,
            ),
            (
                ResponseTemplate::new(200).set_body_string("<html>"),
                Silence::Injoignable,
            ),
            (connues(&[]), Silence::Inconnu),
            (connues(&[autre]), Silence::Inconnu),
            (connues(&[ailleurs]), Silence::Inconnu),
        ] {
            assert_eq!(demander(siret(), reponse).await.unwrap_err(), attendu);
            assert!(attendu.phrase().contains("vous-même"));
        }
    }
}
